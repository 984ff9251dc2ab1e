/**
 * The last stage of a multi-stage Dockerfile as a Dockerfile of its own: what it copies from a stage before it comes from
 * the context instead, where it has to lie under the same path. Arguments declared before the first stage stay.
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
