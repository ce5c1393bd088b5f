/** Small parts of pages: names, counts, times, lists that grow, and the button that copies a command. */
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { escapeForTerminal, shellLine } from '../../escape.js';
import { formatMoment } from '../../times/moments.js';
import { filmsOf, searchWords } from './commands.js';
import { copied } from './gestures.js';
import { useKept } from './history.js';
import { addressOf, type Site } from './site.js';

/** A name, which may be broken after the marks between its words. Its direction does not affect the text around it. */
export function Name({ of: name }: { readonly of: string }) {
  const words = escapeForTerminal(name).split(/(?<=[._\-/])(?=[^._\-/])/);
  return (
    <bdi>
      {words.map((word, i) => (
        <>
          {i > 0 && <wbr />}
          {word}
        </>
      ))}
    </bdi>
  );
}

/** A name on one line, cut if there is no room for it. */
export function ShortName({ of: name }: { readonly of: string }) {
  return (
    <bdi class="short" title={escapeForTerminal(name)}>
      {escapeForTerminal(name)}
    </bdi>
  );
}

/** A name for an attribute. */
export const plain = escapeForTerminal;

/** `0:12:07`: a time without tenths of a second. */
export const clock = (seconds: number) => formatMoment(Math.floor(seconds)).slice(0, -'.0'.length);

/** A button that copies the command that gives the same answer. */
export function CopyButton({ words }: { readonly words: readonly string[] }) {
  const [said, setSaid] = useState('');
  const command = shellLine(words);
  const onClick = async () => {
    setSaid((await copied(command)) ? 'Copied' : 'Not copied; the command is below');
    setTimeout(() => setSaid(''), 4000);
  };
  return (
    <span class="copy">
      <button type="button" title={command} onClick={onClick}>
        Copy command
      </button>
      <span role="status">{said}</span>
      {said.startsWith('Not') && <code>{command}</code>}
    </span>
  );
}

/** A list that shows its beginning, with a button that shows more. */
export function Growing<T>(props: {
  readonly of: readonly T[];
  readonly class: string;
  /** How many items are shown at first; 60 by default. */
  readonly step?: number;
  readonly children: (item: T) => preact.JSX.Element;
}) {
  const { step = 60 } = props;
  const [shown, show] = useKept('shown', step);
  return (
    <>
      <ol class={`${props.class} mixed`}>{props.of.slice(0, shown).map(props.children)}</ol>
      {props.of.length > shown && (
        <button type="button" class="more" onClick={() => show(shown + 4 * step)}>
          Show more
        </button>
      )}
    </>
  );
}

interface TopProps {
  readonly site: Site;
  readonly title: string;
  readonly command: string;
  readonly children: ComponentChildren;
}

/**
 * Whether an element has been scrolled near, or the page is printed: elements far below are drawn only then. `name`
 * identifies the element within its page.
 */
export function useNearness<T extends Element>(
  name: string,
  isNearAtFirst = false,
): { readonly element: RefObject<T | null>; readonly isNear: boolean } {
  const [isNear, setIsNear] = useKept(name, isNearAtFirst);
  const element = useRef<T>(null);
  useEffect(() => {
    if (isNear || !element.current) return;
    const observer = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && setIsNear(true), {
      rootMargin: '1200px',
    });
    observer.observe(element.current);
    const onPrint = () => setIsNear(true);
    addEventListener('beforeprint', onPrint);
    return () => {
      observer.disconnect();
      removeEventListener('beforeprint', onPrint);
    };
  }, [isNear]);
  return { element, isNear };
}

/** The link to the page of a film, above the title of a page about a part of the film. */
export function AboveFilm({ film }: { readonly film: string }) {
  return (
    <p class="above">
      <a href={addressOf({ view: 'film', film })}>
        <Name of={film} />
      </a>
    </p>
  );
}

/** The page for an address of something that does not exist. */
export function Missing({ title, children }: Pick<TopProps, 'title' | 'children'>) {
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      <p>{children}</p>
    </>
  );
}

/** The head of a page about all films together. */
export function Top({ title, site, command, children }: TopProps) {
  return (
    <header class="top">
      <h1 tabIndex={-1}>{title}</h1>
      <p class="soft">{children}</p>
      <p class="facts">
        <CopyButton words={searchWords(site, command, filmsOf(site))} />
      </p>
    </header>
  );
}
