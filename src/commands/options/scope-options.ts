/** Where to look: every film, those named, or every film but the one asked about. */
import { type Command, Option } from 'commander';
import { repeated } from './options.js';

export interface ScopeFlags {
  readonly all?: boolean;
  readonly in?: readonly string[];
  readonly others?: boolean;
}

/** One of three options; `heading` says what holds without any. */
export function addScopeOptions(command: Command, heading: string): Command {
  const scopes = ['all', 'in', 'others'];
  const scope = (flag: string, name: string, description: string) =>
    new Option(flag, description).conflicts(scopes.filter((other) => other !== name));
  return command
    .optionsGroup(heading)
    .addOption(scope('--all', 'all', 'every film'))
    .addOption(scope('--in <film>', 'in', 'this film; repeat for more').argParser(repeated))
    .addOption(scope('--others', 'others', 'every film but the one asked about'));
}
