import assert from 'node:assert/strict';
import { open, truncate } from 'node:fs/promises';
import { describe, test } from 'node:test';
import type { ErrorCode } from '../../src/errors.js';
import { openByteSource } from '../../src/npz/byte-source.js';
import { readDirectory, type ZipEntry } from '../../src/npz/zip-directory.js';
import { rejects } from '../rejects.js';
import { type ArchiveParts, buildZip, type MemberParts } from './build-zip.js';
import { withFile } from './temporary-file.js';

const raw = Buffer.from('some bytes of an array, some bytes of an array');
const a: MemberParts = { name: 'a.npy', raw };
const b: MemberParts = { name: 'b.npy', raw, method: 0 };

describe('directories that are read', () => {
  const archives: readonly [string, MemberParts[], ArchiveParts?][] = [
    ['two members', [a, b]],
    ['no members', []],
    ['data before the archive', [a, b], { prefix: Buffer.from('#!/bin/sh\n') }],
    ['a comment', [a, b], { comment: Buffer.from('made by hand') }],
    ['a comment that holds a signature', [a, b], { comment: Buffer.from(`PK\x05\x06${' '.repeat(40)}`) }],
    ['bytes after the archive', [a, b], { trailing: Buffer.alloc(100) }],
    ['zip64 entries', [a, b].map((member) => ({ ...member, isZip64: true }))],
    ['a zip64 end record', [a, b], { isZip64: true }],
    ['zip64 throughout', [a, b].map((member) => ({ ...member, isZip64: true })), { isZip64: true }],
    ['data descriptors', [a, b].map((member) => ({ ...member, hasDescriptor: true }))],
    ['__proto__ for a name', [a, { ...b, name: '__proto__' }]],
    ['a name that is no UTF-8 path', [a, { ...b, name: '../../\u202eé\n' }]],
    ['an unknown method on a member', [a, { ...b, method: 12 }]],
  ];
  for (const [what, members, parts] of archives) {
    test(what, async () => {
      const entries = await entriesOf(buildZip(members, parts));
      assert.deepEqual(
        entries.map(({ name, rawSize, method }) => [name, rawSize, method]),
        members.map(({ name, method = 8 }) => [name, raw.length, method]),
      );
    });
  }

  test('a name that is not UTF-8, in CP437 as zipfile of Python reads it', async () => {
    const archive = buildZip([a, { ...b, name: '[]^.npy' }]).toString('latin1');
    const entries = await entriesOf(Buffer.from(archive.replaceAll('[]^.npy', '\x80\xe1\xff.npy'), 'latin1'));
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['a.npy', 'Çß\u00a0.npy'],
    );
  });

  test('offsets beyond 4 GiB', async () => {
    const baseOffset = 5 * 2 ** 30;
    const members = [a, b].map((member) => ({ ...member, isZip64: true }));
    const archive = buildZip(members, { isZip64: true, baseOffset });
    await withFile('sparse.npz', '', async (path) => {
      await truncate(path, baseOffset);
      const file = await open(path, 'r+');
      await file.write(archive, 0, archive.length, baseOffset);
      await file.close();
      const entries = await entriesAt(path);
      assert.deepEqual(
        entries.map(({ byteOffset }) => byteOffset - baseOffset),
        [0, 64],
      );
    });
  });
});

describe('directories that are refused, and the codes of their errors', () => {
  const files: readonly [string, Uint8Array, ErrorCode, RegExp][] = [
    ['an empty file', Buffer.alloc(0), 'not-an-archive', /the file is empty/],
    [
      'a Git LFS pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid'),
      'not-an-archive',
      /Git LFS/,
    ],
    ['an .npy', Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'), 'not-an-archive', /single \.npy array/],
    ['HDF5', Buffer.from('\x89HDF\r\n\x1a\n\0\0', 'latin1'), 'not-an-archive', /HDF5/],
    ['MATLAB', Buffer.from('MATLAB 5.0 MAT-file, Platform: posix'), 'not-an-archive', /a MATLAB file/],
    ['a pickle', Buffer.from('\x80\x04\x95', 'latin1'), 'not-an-archive', /a Python pickle/],
    ['MP4', Buffer.from('\0\0\0 ftypisom'), 'not-an-archive', /a video/],
    ['Matroska', Buffer.from('\x1aE\xdf\xa3', 'latin1'), 'not-an-archive', /a video/],
    ['JPEG', Buffer.from('\xff\xd8\xff\xe0', 'latin1'), 'not-an-archive', /a picture/],
    ['safetensors', Buffer.from('@\0\0\0\0\0\0\0{"a":', 'latin1'), 'not-an-archive', /safetensors/],
    ['gzip', Buffer.from('\x1f\x8b\x08', 'latin1'), 'not-an-archive', /compressed by gzip/],
    ['a page', Buffer.from('\n<!DOCTYPE html>'), 'not-an-archive', /a web page/],
    ['JSON', Buffer.from('{"a.jpg": [1, 2]}'), 'not-an-archive', /but JSON/],
    ['a text', Buffer.from('hello'), 'not-an-archive', /not a zip archive$/],
    [
      'a file cut in its members',
      buildZip([a, b]).subarray(0, 100),
      'archive-truncated',
      /cut off after 100 bytes/,
    ],
    ['a file cut in its directory', buildZip([a, b]).subarray(0, -30), 'archive-truncated', /cut off/],
    ['a file cut in its end record', buildZip([a, b]).subarray(0, -1), 'archive-truncated', /cut off/],
    [
      'a file without its beginning',
      buildZip([a, b]).subarray(50),
      'archive-corrupt',
      /does not end at byte/,
    ],
    ['members that overlap', buildZip([a, { ...b, byteOffset: 20 }]), 'archive-corrupt', /past byte/],
    ['members that are the same', buildZip([a, { ...b, byteOffset: 0 }]), 'archive-corrupt', /past byte/],
    ['a member past the end', buildZip([a, { ...b, byteOffset: 9000 }]), 'archive-corrupt', /past byte/],
    [
      'a member as long as the file',
      buildZip([{ ...a, compressedSize: 150 }]),
      'archive-corrupt',
      /past byte/,
    ],
    [
      'sizes beyond 2^53',
      buildZip([{ ...a, isZip64: true, rawSize: 2 ** 60 }]),
      'archive-corrupt',
      /impossible number/,
    ],
    ['more entries than there is room for', buildZip([a], { entries: 500 }), 'archive-corrupt', /cannot fit/],
    ['one entry too few', buildZip([a, b], { entries: 1 }), 'archive-corrupt', /bytes follow the last entry/],
    [
      'one entry too many',
      buildZip([a, { ...b, name: 'b'.repeat(60) }], { entries: 3 }),
      'archive-corrupt',
      /no directory entry/,
    ],
    [
      'a directory past the end',
      buildZip([a], { directoryOffset: 9000 }),
      'archive-corrupt',
      /does not end at byte/,
    ],
    [
      'a directory that is elsewhere',
      buildZip([a], { directoryOffset: 3 }),
      'archive-corrupt',
      /does not end at byte/,
    ],
    [
      'a zip64 directory past the end',
      buildZip([a], { isZip64: true, directoryOffset: 2 ** 40 }),
      'archive-corrupt',
      /does not end at byte/,
    ],
    [
      'a zip64 end record that is elsewhere',
      buildZip([a], { isZip64: true, baseOffset: 7 }),
      'archive-corrupt',
      /zip64 end record/,
    ],
    ['several disks', onDisk(1), 'archive-corrupt', /several disks/],
  ];
  for (const [what, bytes, code, words] of files) {
    test(what, async () => {
      const hinted = code === 'archive-corrupt' && { hint: /copy it again .* or make it again/ };
      await rejects(() => entriesOf(bytes), { code, message: words, ...hinted });
    });
  }
});

test('bytes before an archive get a line that removes them', async () => {
  for (const isZip64 of [false, true]) {
    const bytes = Buffer.concat([Buffer.alloc(150, 'x'), buildZip([a, b], { isZip64 })]);
    await rejects(() => entriesOf(bytes), {
      code: 'archive-corrupt',
      message: /there are 150 bytes before the archive/,
      hint: /^to keep only the archive, .*run: python3/,
    });
  }
});

function onDisk(disk: number): Buffer {
  const archive = buildZip([a]);
  archive.writeUInt16LE(disk, archive.length - 18);
  return archive;
}

function entriesOf(bytes: Uint8Array): Promise<readonly ZipEntry[]> {
  return withFile('a.npz', bytes, entriesAt);
}

async function entriesAt(path: string): Promise<readonly ZipEntry[]> {
  const source = await openByteSource(path);
  try {
    return await readDirectory(source);
  } finally {
    await source.close();
  }
}
