/**
 * Makes a separate Dockerfile of the last stage of a multi-stage Dockerfile. Files that it copies from an earlier stage
 * come from the build context instead, and must have the same path there. Arguments before the first stage stay.
 */
export function lastStage(dockerfile: string): string {
  const lines = dockerfile.split('\n');
  const first = lines.findIndex((line) => line.startsWith('FROM '));
  const last = lines.findLastIndex((line) => line.startsWith('FROM '));
  if (first < 0) throw new Error('the Dockerfile has no FROM');
  const args = lines.slice(0, first).filter((line) => line.startsWith('ARG '));
  const stage = lines.slice(last).map((line) => line.replace(/^COPY --from=\S+ /, 'COPY '));
  return [...args, ...stage].join('\n');
}
