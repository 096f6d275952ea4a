/**
 * What judging costs in requests. A test counts the calls at the ports; the units are those of DynamoDB: one for an item
 * that is read as it is now, half for a query of an index, one for each KB written, in the table and in an index.
 */
export const judging = {
  /** Of a run without a schedule that starts and ends well: each of its two changes is judged alone. */
  ofRun: { watchesRead: 4, incidentLists: 2, incidentsRead: 2, runLists: 0, watchesWritten: 1 },
  /** Of an incident, which opens and is resolved, on three channels: each change is stored, told and taken from the outbox. */
  ofIncident: { writeUnits: 32, readUnits: 30, objects: 8, busEvents: 4, topicMessages: 4, mails: 2 },
  /** Each minute the clock asks for pipelines that are due and for what waits to be told, and reads the file that holds. */
  ofMinute: { readUnits: 1, objectsRead: 1 },
} as const;

export const readUnitsOfRun: number =
  judging.ofRun.watchesRead + judging.ofRun.incidentLists / 2 + judging.ofRun.incidentsRead;
