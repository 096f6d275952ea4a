import type { ViewName } from '../core/schema/columns.ts';
import accessLog from './views/access_log.sql';
import activeRuns from './views/active_runs.sql';
import auditLog from './views/audit_log.sql';
import currentRuns from './views/current_runs.sql';
import datasetSchemas from './views/dataset_schemas.sql';
import expectations from './views/expectations.sql';
import failureRates from './views/failure_rates.sql';
import incidentLog from './views/incident_log.sql';
import kpiDaily from './views/kpi_daily.sql';
import lineageEdges from './views/lineage_edges.sql';
import pipelineStepState from './views/pipeline_step_state.sql';
import qualityResults from './views/quality_results.sql';
import rejections from './views/rejections.sql';
import runReadsWrites from './views/run_reads_writes.sql';
import runStatusHistory from './views/run_status_history.sql';
import slaBreaches from './views/sla_breaches.sql';
import watermarks from './views/watermarks.sql';

/** The text of each view, before its fragments are filled in. */
export const viewTexts: Readonly<Record<ViewName, string>> = {
  access_log: accessLog,
  active_runs: activeRuns,
  audit_log: auditLog,
  current_runs: currentRuns,
  dataset_schemas: datasetSchemas,
  expectations: expectations,
  failure_rates: failureRates,
  incident_log: incidentLog,
  kpi_daily: kpiDaily,
  lineage_edges: lineageEdges,
  pipeline_step_state: pipelineStepState,
  quality_results: qualityResults,
  rejections: rejections,
  run_reads_writes: runReadsWrites,
  run_status_history: runStatusHistory,
  sla_breaches: slaBreaches,
  watermarks: watermarks,
};
