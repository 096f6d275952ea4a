import { fakeIncidentStore } from './incident-store.ts';
import { fakePipelineWatches } from './pipeline-watches.ts';

/** Where judged pipelines leave what they found. */
export const judging = () => ({ incidents: fakeIncidentStore(), watches: fakePipelineWatches() });
