const CLASS = { A: '甲', B: '乙', C: '丙' } as const;

/** Class of the national list (甲乙丙). */
export function ClassBadge({ insuranceClass }: { insuranceClass: 'A' | 'B' | 'C' }) {
  return <span class={`badge class-${insuranceClass}`}>{CLASS[insuranceClass]}</span>;
}
