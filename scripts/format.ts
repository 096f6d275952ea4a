export const usd = (dollars: number): string => `$${dollars.toFixed(2)}`;

/** Three digits that count: 1,230,000, 12.3, 0.00123. */
export const number = (quantity: number): string => {
  const rounded = Number(quantity.toPrecision(3));
  return Math.abs(rounded) >= 1000 ? rounded.toLocaleString('en-US') : String(rounded);
};

/** A table of Markdown whose first column is text and whose others are numbers. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[], numbers = true): string =>
  [head, head.map((_, at) => (at === 0 || !numbers ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** A share as a percentage, bold when it is all or more. */
export const percent = (share: number): string => {
  const hundredths = share * 100;
  const text =
    hundredths < 0.1
      ? '<0.1%'
      : hundredths < 10
        ? `${hundredths.toFixed(1)}%`
        : `${Math.round(hundredths).toLocaleString('en-US')}%`;
  return share >= 1 ? `**${text}**` : text;
};
