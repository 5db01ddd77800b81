import { defineFaults } from './spec.ts';

/** Taking back single lines (部分退货). */
export const refundFaults = defineFaults({
  'refund-nothing': {
    retry: 'permanent',
    zh: '没有选择要退的商品',
    en: 'No goods were chosen to be taken back',
    nextZh: '请选中要退的商品并输入数量',
    nextEn: 'Mark the goods and type how many come back',
  },
  'refund-beyond-sold': {
    retry: 'permanent',
    zh: '退货数量超过这一行售出的数量',
    en: 'More would be taken back than this line sold',
    nextZh: '请按小票上的数量重新输入',
    nextEn: 'Type at most the quantity on the slip',
  },
  'refund-not-uploaded': {
    retry: 'transient',
    zh: '这笔脱机交易还没有上传，不能退货',
    en: 'This offline sale is not uploaded yet: nothing of it can be taken back',
    nextZh: '联网后先上传（F1 → 上传队列），医保中心接受后再退',
    nextEn: 'Go online and upload it first (F1, upload queue); take goods back once it is accepted',
  },
  'refund-replaced': {
    retry: 'permanent',
    zh: '这笔销售已部分退货，余下商品在新单上',
    en: 'Part of this sale was taken back already; the rest is a sale of its own',
    nextZh: '请在新单上退货',
    nextEn: 'Take goods back from the new sale',
  },
  'refund-basket-fixed': {
    retry: 'permanent',
    zh: '部分退货余下的商品不能增减',
    en: 'What the customer keeps after a refund cannot be changed',
    nextZh: '请按 F8 试算并收款；顾客全部不要时按 F10 放弃',
    nextEn: 'Quote (F8) and take the payment; if the customer keeps nothing, give it up (F10)',
  },
  'refund-card-needed': {
    retry: 'permanent',
    zh: '原单是医保结算，余下商品要用同一参保人的凭证结算',
    en: 'The first sale was insured: the rest is settled for the same holder',
    nextZh: '请插入原持卡人的卡（或出示其凭证）；不能出示时按 F10 放弃，再按自费销售',
    nextEn: 'Insert that holder’s card, or give the rest up (F10) and sell it as own pay',
  },
  'refund-other-holder': {
    retry: 'permanent',
    zh: '柜台上的不是原单的参保人',
    en: 'The holder at the counter is not the one of the first sale',
    nextZh: '请换上原持卡人的卡；余下商品不能记到别人名下',
    nextEn: 'Insert the card of the first sale; the rest is never booked to somebody else',
  },
});
