import { writeFileSync } from 'node:fs';
import { describeEvents, describeTables } from '../core/describe-tables.ts';

writeFileSync('docs/tables.md', describeTables());
writeFileSync('docs/event-fields.md', describeEvents());
