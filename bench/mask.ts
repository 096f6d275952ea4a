import { maskOf } from '../core/mask/mask.ts';
import { harmlessLines } from './harmless-lines.ts';
import { HOSTILE } from './hostile-texts.ts';
import { NAMED, PROSE, seededRandom, tokenSamples } from './mask-samples.ts';

/**
 * What the mask lets through, what it eats, and whether it is linear: generated tokens of the rules of gitleaks, bare in
 * prose and behind a secret's name; harmless log lines; hostile texts of 64 KB and of 256 KB.
 */
const mask = maskOf();
const samples = tokenSamples(20, seededRandom(11));
const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} % (${part} of ${whole})`;

const bare = samples.flatMap((sample) => PROSE.map((around) => ({ ...sample, text: around(sample.text) })));
const hidden = bare.filter(({ text, parts }) => parts.every((part) => !mask(text).includes(part)));
console.log(
  `mask: tokens of ${new Set(samples.map(({ rule }) => rule)).size} rules that name themselves, bare in prose:`,
);
console.log(`  masked ${share(hidden.length, bare.length)}, at least 95 %`);
const shown = new Set(bare.filter((sample) => !hidden.includes(sample)).map(({ rule }) => rule));
if (shown.size > 0) console.log(`  not always: ${[...shown].join(', ')}`);

const named = samples
  .filter(({ text }) => !/[\s"'<]/.test(text))
  .flatMap((sample) => NAMED.map((around) => ({ ...sample, text: around(sample.text) })));
const behind = named.filter(({ text, parts }) => parts.every((part) => !mask(text).includes(part)));
console.log(`mask: behind a secret's name: masked ${share(behind.length, named.length)}, all`);

const lines = harmlessLines(1_000);
const changed = lines.filter((line) => mask(line) !== line);
console.log(`mask: harmless log lines: changed ${share(changed.length, lines.length)}, at most 1 %`);
for (const line of changed.slice(0, 10)) console.log(`  ${JSON.stringify(line)} became ${JSON.stringify(mask(line))}`);

const lineTime = bestOf(50, () => {
  for (const line of lines) mask(line);
});
console.log(`mask: ${lineTime.toFixed(2)} µs a harmless line`);

const KILOBYTE = 1024;
const rows = HOSTILE.map((unit) => {
  const [small, large] = [64, 256].map((kilobytes) => {
    const text = unit.repeat(Math.ceil((kilobytes * KILOBYTE) / unit.length));
    return bestOf(5, () => mask(text));
  });
  return { unit, small: small ?? 0, large: large ?? 0 };
}).sort((a, b) => b.large - a.large);
console.log(`mask: ${HOSTILE.length} hostile texts; 256 KB against 64 KB, a byte (linear: 1), the slowest first:`);
for (const { unit, small, large } of rows.slice(0, 8)) {
  console.log(`  ${JSON.stringify(unit)}: ${large.toFixed(1)} ms, ${(large / 4 / small).toFixed(1)} times`);
}
const cookie = rows.find(({ unit }) => unit === "cookie=x'");
console.log(
  `  cookies: ${cookie?.large.toFixed(1)} ms, ${((cookie?.large ?? 0) / 4 / (cookie?.small ?? 1)).toFixed(1)} times`,
);

/** The shortest of some tries, in milliseconds. */
function bestOf(tries: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < tries; round++) {
    const startedAt = performance.now();
    work();
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
}
