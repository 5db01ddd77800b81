import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

const HEIGHT_PX = 190;

/** Bars over names. The numbers stand in a table beside it, so the picture itself says nothing to a reader. */
export function Bars(props: { names: readonly string[]; values: readonly number[]; color: string }) {
  const { names, values, color } = props;
  const place = useRef<HTMLDivElement>(null);
  const shown = JSON.stringify([names, values, color]);
  // Drawn anew when what it shows is another thing, not at each drawing of the page.
  useEffect(() => {
    const box = place.current;
    if (box === null || values.length === 0) return;
    const style = getComputedStyle(box);
    const plot = new uPlot(
      options(names, style.getPropertyValue(color), style, box.clientWidth),
      [values.map((_, index) => index), [...values]],
      box,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: HEIGHT_PX }));
    watch.observe(box);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [shown]);
  return <div ref={place} class="plot" aria-hidden="true" data-testid="plot" />;
}

function options(
  names: readonly string[],
  fill: string,
  style: CSSStyleDeclaration,
  width: number,
): uPlot.Options {
  const ink = style.color;
  const grid = { stroke: style.getPropertyValue('--line'), width: 1 };
  const font = `${Math.max(12, Number.parseFloat(style.fontSize) * 0.8)}px ${style.fontFamily}`;
  const bars = uPlot.paths.bars?.({ size: [0.62, 64] });
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-0.6, Math.max(0.6, names.length - 0.4)] },
      y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.15)] },
    },
    axes: [
      {
        stroke: ink,
        font,
        grid: { show: false },
        ticks: { show: false },
        splits: () => names.map((_, index) => index),
        values: (_plot, splits) => splits.map((split) => names[split] ?? ''),
      },
      {
        stroke: ink,
        font,
        grid,
        ticks: { show: false },
        size: 64,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000],
      },
    ],
    series: [
      {},
      {
        stroke: fill,
        fill,
        width: 0,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
      },
    ],
  };
}
