/** Prints lines with the time since it was made. */
export function sayer(): (line: string) => void {
  const began = performance.now();
  return (line) => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    console.error(`${String(seconds).padStart(5)} s  ${line}`);
  };
}
