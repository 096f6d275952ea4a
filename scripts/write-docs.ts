import { writeFileSync } from 'node:fs';
import { describeEvents, describeTables } from '../core/describe-tables.ts';
import { describeCost } from './cost/page.ts';

writeFileSync('docs/tables.md', describeTables());
writeFileSync('docs/event-fields.md', describeEvents());
writeFileSync('docs/cost.md', describeCost());
