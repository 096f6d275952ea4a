const UNRELEASED = '## Unreleased';

/** What is written of the next release; undefined where there is no such section, or nothing in it. */
export function unreleasedNotes(changelog: string): string | undefined {
  const [, after] = changelog.split(`\n${UNRELEASED}\n`);
  const notes = after?.split(/^## /m)[0]?.trim();
  return notes === '' ? undefined : notes;
}

/** The changelog with the section under the name of the release, and an empty one above it for the next. */
export const releasedChangelog = (changelog: string, version: string, date: string): string =>
  changelog.replace(`\n${UNRELEASED}\n`, `\n${UNRELEASED}\n\n## ${version}, ${date}\n`);
