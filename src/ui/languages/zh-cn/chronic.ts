/** Chinese: chronic patients and the kind of visit. */
export const chronic = {
  keyVisit: '就诊类别',
  chronicTitle: '门诊慢特病',
  chronicAsking: '正在查询备案…',
  chronicNone: '没有备案',
  chronicUnknown: '未查到，情况未知',
  chronicOpenEnd: '长期',
  chronicMore: '还有',
  standingValid: '今日可用',
  standingNotBegun: '未到开始日期',
  standingEnded: '已过期',
  standingElsewhere: '只在',
  visitTitle: '就诊类别',
  visitOrdinary: '普通购药',
  visitChosen: '当前',
  visitNote: '选定后按该病种的待遇重新试算；换卡后自动取消',
  visitBarred: '今天不能使用',
};
