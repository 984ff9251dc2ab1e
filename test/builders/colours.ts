/** Makes `styleText` write colours, or none, for the tests of the block it is called in, wherever they run. */
export function withColours(colours: boolean): void {
  const names = ['NO_COLOR', 'FORCE_COLOR'] as const;
  const before = new Map<string, string | undefined>();
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  beforeEach(() => {
    for (const name of names) before.set(name, process.env[name]);
    set('NO_COLOR', undefined);
    set('FORCE_COLOR', colours ? '1' : '0');
  });
  afterEach(() => {
    for (const name of names) set(name, before.get(name));
  });
}
