import './build-functions.mjs';
import { writeFileSync } from 'node:fs';
import { describeAlertMessages } from './alert-messages.ts';
import { copyMask } from './copy-mask.ts';
import { describeCost } from './cost/page.ts';
import { describeQuestions } from './describe-questions.ts';
import { describeEvents, describeTables } from './describe-tables.ts';
import { describePermissions } from './permissions/page.ts';
import { describeScale } from './scale/page.ts';

writeFileSync('docs/tables.md', describeTables());
writeFileSync('docs/questions.md', describeQuestions());
writeFileSync('docs/event-fields.md', describeEvents());
writeFileSync('docs/cost.md', describeCost());
writeFileSync('docs/permissions.md', describePermissions());
writeFileSync('docs/scale.md', describeScale());
writeFileSync('docs/alert-messages.md', await describeAlertMessages());
copyMask();
