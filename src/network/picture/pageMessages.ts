import * as v from 'valibot';
import type { HopState } from '../hop';
import { paletteNames, type Palette } from './svg';

/** What the page shows of a hop beside the picture; every text is in the reader's language already. */
export interface PageHop {
  readonly key: string;
  readonly kind: string;
  readonly id: string;
  readonly state: HopState;
  readonly stateName: string;
  readonly reason: string;
  readonly permission?: string | undefined;
  readonly hasConsole: boolean;
  /** Keys of hops: along the ways, and beside it. */
  readonly next: readonly string[];
  readonly previous: readonly string[];
  readonly left?: string | undefined;
  readonly right?: string | undefined;
}

/** From the extension to the page. */
export type ToPage =
  | {
      readonly type: 'picture';
      readonly svg: string;
      readonly hops: readonly PageHop[];
      readonly summary: string;
      readonly when: string;
    }
  | { readonly type: 'status'; readonly text: string; readonly isProblem: boolean; readonly isBusy: boolean }
  | { readonly type: 'select'; readonly key: string }
  /** Kept by VS Code over a reload of the window. */
  | { readonly type: 'keep'; readonly place: unknown }
  | { readonly type: 'palette'; readonly id: number }
  | { readonly type: 'raster'; readonly id: number; readonly svg: string; readonly scale: number };

// As the browser writes any colour: `#rrggbb` or `rgba(…)`.
const colour = v.pipe(v.string(), v.regex(/^(#[0-9a-f]{6}|rgba\([0-9., ]{5,40}\))$/));
const key = v.pipe(v.string(), v.maxLength(2_000));
const id = v.pipe(v.number(), v.integer());

/** 20 MB of base64: far more than any picture, and less than what would hurt. */
const mostBase64 = 20_000_000;

const fromPage = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('refresh') }),
  v.strictObject({ type: v.literal('text') }),
  v.strictObject({ type: v.literal('export') }),
  v.strictObject({ type: v.literal('copy'), key }),
  v.strictObject({ type: v.literal('console'), key }),
  v.strictObject({
    type: v.literal('palette'),
    id,
    palette: v.strictObject(
      Object.fromEntries(paletteNames.map((name) => [name, colour])) as Record<keyof Palette, typeof colour>,
    ),
  }),
  v.strictObject({
    type: v.literal('png'),
    id,
    data: v.pipe(v.string(), v.maxLength(mostBase64), v.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
  }),
]);

/** From the page to the extension. */
export type FromPage = v.InferOutput<typeof fromPage>;

/** A message of the page; undefined for anything else that comes from there. */
export function parseFromPage(value: unknown): FromPage | undefined {
  const parsed = v.safeParse(fromPage, value);
  return parsed.success ? parsed.output : undefined;
}
