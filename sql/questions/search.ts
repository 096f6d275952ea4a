import { columnsOfView, pick } from '../columns-of.ts';
import { defineQuestion } from '../define-question.ts';
import { atMost, bigint, date, ofRuns, timestamp, varchar } from './asked.ts';
import datasets from './datasets.sql';
import incidentStory from './incident-story.sql';
import rejectedLines from './rejected-lines.sql';
import search from './search.sql';

/** What a reader looks for by a few letters, and what is read of one thing that was found. */
export const searchQuestions = [
  defineQuestion({
    name: 'search',
    text: search,
    asks: {
      text: { kind: 'text', default: '', comment: 'a part of a name, or the beginning of an id' },
      limit: atMost(8, 'of each kind, the latest'),
    },
    columns: {
      kind: varchar('pipeline, run or table'),
      ...ofRuns('environment', 'process_name'),
      name: varchar('the pipeline, the id of the run, or the path of the table'),
      seen_at: timestamp('when it last began, or was last written'),
    },
  }),
  defineQuestion({
    name: 'datasets',
    text: datasets,
    asks: {
      path: { kind: 'pattern', default: '*', comment: 'which paths; * stands for any text' },
      since: { kind: 'instant', default: '90d', comment: 'read or written from then on' },
      limit: atMost(1000, 'paths'),
    },
    columns: {
      path: varchar('what was read or written'),
      dataset_type: varchar('s3, delta, jdbc, …'),
      writers: bigint('pipelines that wrote it'),
      readers: bigint('pipelines that read it'),
      last_written_at: timestamp('the last event that told that it was written'),
      last_used_on: date('UTC day of the latest run that read or wrote it'),
    },
  }),
  defineQuestion({
    name: 'incident-story',
    text: incidentStory,
    asks: { id: { kind: 'text', default: '', comment: 'the id of the incident; empty: of all' } },
    columns: pick(
      columnsOfView('incident_log'),
      ...['incident_id', 'change', 'kind', 'changed_at', 'status', 'severity', 'reasons', 'summary', 'who', 'why'],
      ...['about', 'route', 'delivered', 'detail'],
    ),
  }),
  defineQuestion({
    name: 'rejected-lines',
    text: rejectedLines,
    asks: { limit: atMost(200, 'lines') },
    columns: pick(columnsOfView('rejections'), 'rejection_key', 'received_at', 'kind', 'explanation', 'payload'),
  }),
];
