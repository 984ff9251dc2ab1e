/* Loaded before the operator: at SIGUSR2 its wall clock goes back by an hour. The monotonic clock does not notice. */
const hourMs = 3_600_000;
const RealDate = Date;
let shiftMs = 0;

class ShiftedDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(RealDate.now() - shiftMs);
    else super(...(given as [number]));
  }

  static override now(): number {
    return RealDate.now() - shiftMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
process.on('SIGUSR2', () => {
  shiftMs = hourMs;
  console.log(JSON.stringify({ level: 'info', msg: `the clock says ${new Date().toISOString()}` }));
});
