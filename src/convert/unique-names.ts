/**
 * JSON knows a key once only, films may hold a filename twice: what is done about it.
 */

/** `refuse` calls it an error; `suffix` appends `#2`, `#3` and so on to the later ones. */
export type OnDuplicate = 'refuse' | 'suffix';

/**
 * Makes a function that gives each name in turn the key it goes by: itself where it is new, else one with a suffix, or
 * `undefined` where duplicates are refused.
 */
export function uniqueNames(onDuplicate: OnDuplicate): (name: string) => string | undefined {
  const taken = new Set<string>();
  const lastSuffix = new Map<string, number>();
  return (name) => {
    if (!taken.has(name)) {
      taken.add(name);
      return name;
    }
    if (onDuplicate === 'refuse') return undefined;
    let suffix = lastSuffix.get(name) ?? 1;
    let key: string;
    do key = `${name}#${++suffix}`;
    while (taken.has(key));
    lastSuffix.set(name, suffix);
    taken.add(key);
    return key;
  };
}
