/**
 * The scripts that make a shell ask giallo for completions. They are this short, and ours, because those of the
 * libraries let names act: a film called `$(...)` would be run by the shell (`compgen -W` expands its words), or put on
 * the command line unquoted. Here names are only ever data.
 */

const bash = `# bash completion for giallo: source <(giallo completion bash)
_giallo() {
  local kind value _
  COMPREPLY=()
  {
    IFS= read -r kind || return
    while IFS=$'\\t' read -r value _; do COMPREPLY+=("$value"); done
  } < <(giallo completion bash -- "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  case $kind in
    open) compopt -o nospace ;;
    files) compopt -o default ;;
    folders) compopt -o dirnames ;;
  esac
}
complete -F _giallo giallo
`;

const zsh = `#compdef giallo
# zsh completion for giallo: source <(giallo completion zsh), after compinit
_giallo() {
  local -a lines values shown
  local line
  lines=("\${(@f)$(giallo completion zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  case $lines[1] in
    files) _files; return ;;
    folders) _files -/; return ;;
  esac
  for line in "\${(@)lines[2,-1]}"; do
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  }")
  done
  (( $#values )) || return 1
  if [[ $lines[1] == open ]]; then
    compadd -U -S '' -l -d shown -a values
  else
    compadd -U -l -d shown -a values
  fi
}
if [[ $funcstack[1] == _giallo ]]; then
  _giallo "$@"
else
  compdef _giallo giallo
fi
`;

const fish = `# fish completion for giallo: giallo completion fish | source
function __giallo_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct | string unescape)
    set -l lines (giallo completion fish -- $before[2..-1] "$current" 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case folders
            __fish_complete_directories "$current" ''
        case '*'
            printf '%s\\n' $lines[2..-1]
    end
end
complete -c giallo -f -a '(__giallo_complete)'
`;

export const scripts = { bash, zsh, fish } as const;
export type Shell = keyof typeof scripts;

export interface Completion {
  readonly value: string;
  readonly description: string;
}

/** Words of giallo's own, or a file or folder, which the shell knows better. */
export type Completions =
  | {
      readonly kind: 'words';
      readonly words: readonly Completion[];
      /** More is to be typed after the word: no space follows it. */
      readonly isOpen?: boolean;
    }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' };

/** How a shell puts a completion in the place of what was typed. */
export interface Insertion {
  readonly shell: Shell;
  /** For bash: the quote that the word began with and that is still open. */
  readonly openQuote: '"' | "'" | '';
  /** For bash: how many characters of the word it keeps, since it takes them for an earlier word. */
  readonly kept: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const untypable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * `words`, `open`, `files` or `folders`, then `value<TAB>description` lines. zsh and fish quote values themselves;
 * bash puts them on its command line as they are, so they come quoted. Names with control characters are left out.
 */
export function completionLines(completions: Completions, insertion: Insertion): string {
  if (completions.kind !== 'words') return `${completions.kind}\n`;
  const lines = completions.words
    .filter(({ value }) => !untypable.test(value))
    .map(({ value, description }) => `${insertionOf(value, insertion)}\t${description.replace(/\s+/g, ' ')}`);
  return `${[completions.isOpen ? 'open' : 'words', ...lines].join('\n')}\n`;
}

function insertionOf(value: string, { shell, openQuote, kept }: Insertion): string {
  if (shell !== 'bash') return value;
  const rest = value.slice(kept);
  if (openQuote === "'") return rest.replaceAll("'", `'\\''`);
  if (openQuote === '"') return rest.replace(/["\\$`]/g, '\\$&');
  return rest.replace(/[^\p{L}\p{M}\p{N}_@%+=:,./-]/gu, '\\$&');
}
