/** DuckDB's own limit when none is given, in MB. */
export const DEFAULT_MEMORY_LIMIT_MB = 500;

/** What a process with a DuckDB of that limit may hold in all, in MB. It holds up to 300 MB beside it under load; what a question allocates is bound by this alone. */
export const processLimitMb = (memoryLimitMb = DEFAULT_MEMORY_LIMIT_MB): number => memoryLimitMb + 1_000;
