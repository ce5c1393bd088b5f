import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { notNumber, outOfRange, parseNumber } from '../../src/convert/parse-number.js';
import { cases } from '../cases.js';

const into = new Float32Array(1);

function parse(text: string): { end: number; value: number } {
  into[0] = Number.NaN;
  const end = parseNumber(Buffer.from(`${text},`), 0, into, 0);
  return { end, value: into[0] as number };
}

/** The reference: what `JSON.parse` reads, rounded once. */
function assertSame(text: string): void {
  const expected = Math.fround(JSON.parse(text));
  const { end, value } = parse(text);
  if (!Number.isFinite(expected)) assert.equal(end, outOfRange, text);
  else {
    assert.equal(end, text.length, text);
    assert.ok(Object.is(value, expected), `${text}: ${value} is not ${expected}`);
  }
}

const digits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength }).map((all) => all.join(''));

const jsonNumber = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits(25).map((text) => text.replace(/^0+(?=\d)/, '')),
    fc.option(digits(30), { nil: undefined }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), digits(2)), {
      nil: undefined,
    }),
  )
  .map(([sign, whole, decimals, power]) => {
    return `${sign}${whole}${decimals === undefined ? '' : `.${decimals}`}${power?.join('') ?? ''}`;
  });

test('any JSON number becomes the same bits as with JSON.parse and Math.fround', () => {
  fc.assert(fc.property(jsonNumber, assertSame), { numRuns: cases(5000) });
});

test('float32 numbers that Python printed as float64 are read back', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => assertSame(String(value))),
    { numRuns: cases(5000) },
  );
});

test('numbers at and near midpoints between float32 numbers are rounded correctly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0x7f7f_fffe }), fc.integer({ min: -2, max: 2 }), (bits, steps) => {
      const [low, high] = new Float32Array(Uint32Array.of(bits, bits + 1).buffer) as unknown as [
        number,
        number,
      ];
      const middle = Float64Array.of((low + high) / 2);
      const words = new BigInt64Array(middle.buffer);
      words[0] = (words[0] as bigint) + BigInt(steps);
      const text = (middle[0] as number).toPrecision(17);
      for (const spelled of [
        text,
        ...(text.includes('.') && !text.includes('e') ? [`${text}0000000000001`] : []),
      ]) {
        assertSame(spelled);
      }
    }),
    { numRuns: cases(5000) },
  );
});

test('numbers that are known to be hard are rounded correctly', () => {
  const hard = [
    '0',
    '-0',
    '0.0',
    '-0e5',
    '0e99',
    '1e-400',
    '-1e-46',
    '7.006492321624085e-46',
    '7.006492321624086e-46',
    '16777217',
    '9007199254740993',
    '9007199254740993e-5',
    '9007199254740992.5',
    '3.4028234663852886e38',
    '3.4028235677973366e38',
    '3.4028235677973365e38',
    '-1e39',
    '1e999',
    '0.000000000000000000000000000001e40',
    `${'9'.repeat(400)}`,
    `0.${'0'.repeat(400)}1e401`,
    '1.17549435e-38',
    '123456789012345678901234567890e-30',
  ];
  for (const text of hard) assertSame(text);
});

test('text that is not a JSON number is not read as one', () => {
  for (const text of [
    '',
    '-',
    '+1',
    '01',
    '-01',
    '00',
    '.5',
    '1.',
    '1.e5',
    '1e',
    '1e+',
    'e5',
    'NaN',
    'Infinity',
    'null',
    '"1"',
    ' 1',
  ]) {
    assert.equal(parse(text).end, notNumber, text);
  }
});

test('a number ends where its digits end', () => {
  assert.equal(parse('1x').end, 1);
  assert.equal(parse('1.5.5').end, 3);
  assert.equal(parse('0x10').end, 1);
});
