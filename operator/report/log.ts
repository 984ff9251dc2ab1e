import { styleText } from 'node:util';
import winston from 'winston';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** `json` for machines, one object a line; `text` for people, short and coloured. */
export const logFormats = ['json', 'text'] as const;
export type LogFormat = (typeof logFormats)[number];

/** What is logged beside the message. Values are written as they are, so they must not be secrets. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where everything is logged that a person may want to read later. */
export type Log = { readonly [Level in LogLevel]: (message: string, fields?: LogFields) => void };

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Where lines go; standard output when not given. */
  readonly stream?: NodeJS.WritableStream;
  readonly colours?: boolean;
}

/** JSON unless a person is looking at a terminal. */
export function usualLogFormat(output: { readonly isTTY?: boolean }): LogFormat {
  return output.isTTY === true ? 'text' : 'json';
}

/** A log on winston. Errors of the output, such as a closed pipe, must not end the operator, so they are ignored. */
export function createLog(options: LogOptions): Log {
  const { stream = process.stdout } = options;
  stream.on('error', () => undefined);
  const logger = winston.createLogger({
    level: options.level,
    levels: Object.fromEntries(logLevels.map((level, index) => [level, index])),
    format: options.format === 'json' ? jsonFormat() : textFormat(options.colours ?? false),
    transports: [new winston.transports.Stream({ stream })],
    exitOnError: false,
  });
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    logger.log({ ...fields, level, message });
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

/** A log that says nothing. */
export const silentLog: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

function jsonFormat(): winston.Logform.Format {
  return winston.format.printf(({ level, message, ...fields }) =>
    JSON.stringify({ time: new Date().toISOString(), level, msg: message, ...fields }),
  );
}

const colourOf: Readonly<Record<string, 'red' | 'yellow' | 'green' | 'gray'>> = {
  error: 'red',
  warn: 'yellow',
  info: 'green',
  debug: 'gray',
};

function textFormat(colours: boolean): winston.Logform.Format {
  const paint = (colour: 'red' | 'yellow' | 'green' | 'gray' | 'cyan', text: string): string =>
    colours ? styleText(colour, text, { validateStream: false }) : text;
  return winston.format.printf(({ level, message, station, kitchen, decision, ...fields }) => {
    const time = new Date().toTimeString().slice(0, 8);
    const rest = Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`);
    const about = typeof station === 'string' ? station : kitchen;
    const words = [
      paint('gray', time),
      paint(colourOf[level] ?? 'gray', level.padEnd(5)),
      ...(typeof about === 'string' ? [paint('cyan', about)] : []),
      String(message),
      ...rest,
      ...(typeof decision === 'string' ? [paint('gray', `[${decision}]`)] : []),
    ];
    return words.join(' ');
  });
}
