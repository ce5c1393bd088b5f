/**
 * Every command, with its summary in `giallo help`. The file of a command is loaded only when that command runs:
 * start-up is a good part of the time of a search, and must not grow with the number of commands.
 */
import type { CommandEntry } from './command.js';

/** In the order in which the help lists them. */
export const commandList: readonly CommandEntry[] = [
  {
    name: 'similar',
    arguments: '[film] [frame...]',
    summary: 'the frames that look most like a frame',
    load: async () => (await import('./similar.js')).similarCommand,
  },
  {
    name: 'search',
    arguments: '[text...]',
    summary: 'the frames nearest to vectors made elsewhere',
    load: async () => (await import('./search.js')).searchCommand,
  },
  {
    name: 'topk',
    arguments: '[film...]',
    summary: 'the nearest frames of every frame, for files and scripts',
    load: async () => (await import('./topk.js')).topkCommand,
  },
  {
    name: 'pairs',
    arguments: '[film...]',
    summary: 'the best-matching pairs of frames: possible match cuts',
    load: async () => (await import('./pairs.js')).pairsCommand,
  },
  {
    name: 'duplicates',
    arguments: '[film...]',
    summary: 'frames that are the same picture, in groups',
    load: async () => (await import('./duplicates.js')).duplicatesCommand,
  },
  {
    name: 'compare',
    arguments: '[film...]',
    summary: 'how much of each film is found in each other film',
    load: async () => (await import('./compare.js')).compareCommand,
  },
  {
    name: 'shots',
    arguments: '<film>',
    summary: 'the shots of a film',
    load: async () => (await import('./shots.js')).shotsCommand,
  },
  {
    name: 'explore',
    arguments: '[film...]',
    summary: 'web pages of the collection, from picture to picture',
    load: async () => (await import('./explore.js')).exploreCommand,
  },
  {
    name: 'times',
    arguments: '<film>',
    summary: 'the moments of a film’s frames, and where its video is',
    load: async () => (await import('./times.js')).timesCommand,
  },
  {
    name: 'films',
    arguments: '',
    summary: 'list the films of the collection',
    load: async () => (await import('./films.js')).filmsCommand,
  },
  {
    name: 'info',
    arguments: '<film>',
    summary: 'what is in a film: arrays, and what its vectors are like',
    load: async () => (await import('./info.js')).infoCommand,
  },
  {
    name: 'vector',
    arguments: '<film> [frame]',
    summary: 'the numbers of one frame',
    load: async () => (await import('./vector.js')).vectorCommand,
  },
  {
    name: 'convert',
    arguments: '<file...>',
    summary: 'convert between npz, npy, JSON, CSV and Parquet',
    load: async () => (await import('./convert.js')).convertCommand,
  },
  {
    name: 'verify',
    arguments: '[film...]',
    summary: 'read everything and say what is wrong, and what to do about it',
    load: async () => (await import('./verify.js')).verifyCommand,
  },
  {
    name: 'index',
    arguments: '[action]',
    summary: 'prepare the collection for instant searches over all films',
    load: async () => (await import('./index-command.js')).indexCommand,
  },
  {
    name: 'push',
    arguments: '[film...]',
    summary: 'copy films into a ClickHouse server or cluster',
    load: async () => (await import('./push.js')).pushCommand,
  },
  {
    name: 'engine',
    arguments: '[action]',
    summary: 'the tables in a ClickHouse server: status, init, clean, drop',
    load: async () => (await import('./engine.js')).engineCommand,
  },
  {
    name: 'doctor',
    arguments: '',
    summary: 'versions, machine and packages, for a bug report',
    load: async () => (await import('./doctor.js')).doctorCommand,
  },
  {
    name: 'completion',
    arguments: '[shell] [words...]',
    summary: 'completion for bash, zsh and fish',
    load: async () => (await import('./completion.js')).completionCommand,
  },
];
