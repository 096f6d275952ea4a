declare module 'parse-prometheus-text-format' {
  /** The families of a text in Prometheus' format. Throws when it is none. */
  export default function parse(text: string): readonly {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    readonly metrics: readonly Readonly<Record<string, unknown>>[];
  }[];
}
