import { registerHooks } from 'node:module';

/** The operator as its next release may be: the same program with newer defaults. */
const newer = new URL('newerDefaults.ts', import.meta.url).href;
const released = new URL('../../../operator/plan/children/defaults.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    return resolved.url === released && context.parentURL !== newer ? { ...resolved, url: newer } : resolved;
  },
});
await import('../../../operator/main.ts');
