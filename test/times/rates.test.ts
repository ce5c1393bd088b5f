/** Rates and timecodes; the values are worked out by hand from SMPTE ST 12-1. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameOfFirstHour, parseRate, type Rate, rateText, timecodeOf } from '../../src/times/rates.js';

const rates: [text: string, rate: string | undefined][] = [
  ['24', '24/1'],
  ['24/1', '24/1'],
  ['48/2', '24/1'],
  ['25', '25/1'],
  ['24000/1001', '24000/1001'],
  ['23.976', '24000/1001'],
  ['23.98', '24000/1001'],
  ['29.97', '30000/1001'],
  ['30000/1001', '30000/1001'],
  ['59.94', '60000/1001'],
  ['119.88', '120000/1001'],
  // As ffprobe prints the rates of some files.
  ['2997/100', '30000/1001'],
  ['23976/1000', '24000/1001'],
  ['1498/50', '749/25'],
  ['12.5', '25/2'],
  ['29.5', '59/2'],
  ['0', undefined],
  ['24/0', undefined],
  ['0/1', undefined],
  ['-24', undefined],
  ['24 fps', undefined],
  ['1001', undefined],
  ['', undefined],
];
for (const [text, rate] of rates) {
  test(`the rate ${JSON.stringify(text)} is ${rate}`, () => {
    const parsed = parseRate(text);
    assert.equal(parsed && rateText(parsed), rate);
  });
}

const film: Rate = { numerator: 24, denominator: 1 };
const ntscFilm: Rate = { numerator: 24000, denominator: 1001 };
const pal: Rate = { numerator: 25, denominator: 1 };
const ntsc: Rate = { numerator: 30000, denominator: 1001 };
const ntsc60: Rate = { numerator: 60000, denominator: 1001 };
const thirty: Rate = { numerator: 30, denominator: 1 };

const timecodes: [rate: Rate, frame: number, timecode: string][] = [
  [film, 0, '00:00:00:00'],
  [film, 23, '00:00:00:23'],
  [film, 24, '00:00:01:00'],
  [film, 86_400, '01:00:00:00'],
  // 24000/1001 counts to 24 as 24/1 does: an hour of timecode takes 3.6 s longer than an hour.
  [ntscFilm, 86_400, '01:00:00:00'],
  [pal, 24, '00:00:00:24'],
  [pal, 25, '00:00:01:00'],
  [pal, 25 * 3661 + 7, '01:01:01:07'],
  [thirty, 1800, '00:01:00:00'],
  // In each minute except every tenth, ;00 and ;01 are left out.
  [ntsc, 0, '00:00:00;00'],
  [ntsc, 1, '00:00:00;01'],
  [ntsc, 1799, '00:00:59;29'],
  [ntsc, 1800, '00:01:00;02'],
  [ntsc, 3597, '00:01:59;29'],
  [ntsc, 3598, '00:02:00;02'],
  [ntsc, 17_981, '00:09:59;29'],
  [ntsc, 17_982, '00:10:00;00'],
  [ntsc, 17_983, '00:10:00;01'],
  [ntsc, 19_782, '00:11:00;02'],
  [ntsc, 107_892, '01:00:00;00'],
  [ntsc, 2_589_407, '23:59:59;29'],
  [ntsc, 2_589_408, '00:00:00;00'],
  [ntsc60, 3599, '00:00:59;59'],
  [ntsc60, 3600, '00:01:00;04'],
  [ntsc60, 35_964, '00:10:00;00'],
];
for (const [rate, frame, timecode] of timecodes) {
  test(`frame ${frame} at ${rateText(rate)} is ${timecode}`, () =>
    assert.equal(timecodeOf(frame, rate), timecode));
}

test('the first hour begins at the frame with the timecode 01:00:00:00', () => {
  for (const rate of [film, ntscFilm, pal, ntsc, ntsc60, thirty])
    assert.match(timecodeOf(frameOfFirstHour(rate), rate), /^01:00:00[:;]00$/);
});
