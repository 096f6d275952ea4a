export { consoleTransport } from './console-transport.ts';
export type { DatasetField, DatasetSchema } from './dataset-schema.ts';
export {
  asPipeline,
  asStep,
  close,
  configure,
  defaultLedger,
  flush,
  logTail,
  run,
  startRun,
  stats,
  step,
} from './default-ledger.ts';
export type { LedgerStats } from './emitter.ts';
export type { ErrorDetails } from './error-info.ts';
export type {
  Cluster,
  EndStatus,
  ErrorInfo,
  Producer,
  QualityResult,
  Source,
  Target,
} from './event.ts';
export { fileTransport } from './file-transport.ts';
export { type FirehoseSender, type FirehoseTransportOptions, firehoseTransport } from './firehose-transport.ts';
export { type HttpTransportOptions, httpTransport } from './http-transport.ts';
export { type FlushOptions, Ledger } from './ledger.ts';
export type { LedgerOptions } from './ledger-options.ts';
export { LogTail, type LogTailOptions } from './log-tail.ts';
export { currentRun, currentStep } from './open-work.ts';
export { type RecordedEvent, type RecordingTransport, recordingTransport } from './recording-transport.ts';
export type { Run } from './run.ts';
export type { RunOptions } from './run-options.ts';
export { type S3Sender, type S3TransportOptions, s3Transport } from './s3-transport.ts';
export type { Step, StepOptions } from './step.ts';
export type { Counts, InAndOut } from './tally.ts';
export { type Receipt, type Transport, TransportError, type TransportErrorOptions } from './transport.ts';
export { LedgerUnavailable, type Watermark, type WatermarkOptions, watermark } from './watermark.ts';
