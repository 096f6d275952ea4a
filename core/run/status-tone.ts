/** How good the news of a status is, so that every screen colours it alike. */
export type Tone = 'good' | 'bad' | 'doubtful' | 'live' | 'quiet';

/** The tone of a status. One that is not known is quiet, so its text never reaches a style or a class name. */
export function toneOf(status: string): Tone {
  switch (status) {
    case 'SUCCESS':
      return 'good';
    case 'FAILED':
    case 'TIMED_OUT':
    case 'LOST':
      return 'bad';
    case 'RETRY':
    case 'SUSPECT':
      return 'doubtful';
    case 'RUNNING':
      return 'live';
    default:
      return 'quiet';
  }
}
