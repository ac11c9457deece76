import { type Figure, median, standing } from './figure';

const round = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(value < 100 ? 1 : 0));

function cells(figure: Figure): string[] {
  const { name, unit, values, aim, note } = figure;
  const measured = values.length > 0;
  return [
    name,
    measured ? `${round(median(values))} ${unit}` : '',
    values.length > 1 ? `${round(Math.min(...values))} – ${round(Math.max(...values))}` : '',
    values.length > 1 ? String(values.length) : '',
    aim === undefined ? '' : `≤ ${aim} ${unit}`,
    measured ? standing(figure) : '!!! NOT MEASURED',
    note ?? '',
  ];
}

/** The figures for people. */
export function table(figures: readonly Figure[]): string {
  const rows = [['', 'median', 'min – max', 'n', 'aim', '', ''], ...figures.map(cells)];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
