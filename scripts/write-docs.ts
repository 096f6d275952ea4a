import './build-functions.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeAlertMessages } from './alert-messages.ts';
import { copyMask } from './copy-mask.ts';
import { describeCost } from './cost/page.ts';
import { describeCommands } from './describe-commands.ts';
import { describeQuestions } from './describe-questions.ts';
import { describeEvents, describeTables } from './describe-tables.ts';
import { grafanaDashboard } from './grafana-dashboard.ts';
import { describeOpenApi } from './http/openapi.ts';
import { describeHttp } from './http/page.ts';
import { describePermissions } from './permissions/page.ts';
import { describeScale } from './scale/page.ts';
import { RECIPES, recipeOf, recipePages } from './send-from.ts';

writeFileSync('docs/tables.md', describeTables());
writeFileSync('docs/questions.md', describeQuestions());
writeFileSync('examples/grafana-dashboard.json', grafanaDashboard());
writeFileSync('docs/event-fields.md', describeEvents());
writeFileSync('docs/cost.md', describeCost());
writeFileSync('docs/permissions.md', describePermissions());
writeFileSync('docs/scale.md', describeScale());
writeFileSync('docs/http.md', describeHttp());
writeFileSync('docs/openapi.json', describeOpenApi());
writeFileSync('docs/alert-messages.md', await describeAlertMessages());
writeFileSync('docs/cli.md', describeCommands());
for (const name of recipePages()) {
  const file = join(RECIPES, name);
  writeFileSync(file, recipeOf(readFileSync(file, 'utf8')));
}
copyMask();
