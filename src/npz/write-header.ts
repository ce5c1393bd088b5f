/**
 * Headers of `.npy` arrays as giallo writes them: version 1.0 of numpy's format (NEP 1), C order.
 *
 *   \x93NUMPY  01 00  length (uint16)  {'descr': '<f4', 'fortran_order': False, 'shape': (5, 3), }  spaces  \n
 */

/** What the total length of a header is a multiple of, so that data behind it are aligned for any type. */
const alignment = 64;

/**
 * The header of an array. For two axes it is 128 bytes long whatever the shape, so that it can be written again when
 * the number of rows is known.
 */
export function npyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`;
  const magic = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  const unpadded = magic.length + dict.length + 1;
  const padding = ' '.repeat((alignment - (unpadded % alignment)) % alignment);
  const text = `${dict}${padding}\n`;
  magic.writeUInt16LE(text.length, magic.length - 2);
  return Buffer.concat([magic, Buffer.from(text, 'latin1')]);
}
