import type { Gap } from '../../contracts/gap.ts';

export const ACCEPTED_LATER: Gap = {
  reason: 'a stream accepts on the way: what is counted as accepted is what Firehose took',
  tests: ['a line that is no event is counted as rejected, and the others are not harmed'],
};

export const NEVER_FULL: Gap = {
  reason: 'the emulated stream takes whatever comes',
  tests: ['with too much under way it refuses with OverloadedError and takes nothing'],
};
