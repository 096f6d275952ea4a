import { AUDITED_KINDS } from '../../core/schema/columns.ts';
import { columnsOfView, pick } from '../columns-of.ts';
import { defineQuestion } from '../define-question.ts';
import { atMost, whichRuns } from './asked.ts';
import audit from './audit.sql';

/** Who did what. */
export const auditQuestions = [
  defineQuestion({
    name: 'audit',
    text: audit,
    asks: {
      since: { kind: 'instant', default: '30d', comment: 'from then on' },
      until: { kind: 'instant', default: '0s', comment: 'until before then' },
      who: { kind: 'pattern', default: '*', comment: 'by whom; * stands for any text' },
      kind: { kind: 'text', default: '', oneOf: ['', ...AUDITED_KINDS], comment: 'of this kind alone; empty: of all' },
      process_name: whichRuns('30d').process_name,
      limit: atMost(1000, 'acts'),
    },
    columns: pick(
      columnsOfView('audit_log'),
      ...['acted_at', 'kind', 'who', 'environment', 'process_name', 'target', 'why', 'detail', 'object'],
    ),
  }),
];
