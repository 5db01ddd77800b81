import { defineFaults } from './spec.ts';

/** The visit of a chronic patient (门诊慢特病) at the till. */
export const chronicFaults = defineFaults({
  'agency-chronic-refused': {
    retry: 'permanent',
    zh: '医保中心没有认可这次门诊慢特病购药，没有扣款',
    en: 'The agency does not accept this as a chronic patient’s purchase; nothing was charged',
    nextZh: '请看医保中心给出的原因；可用 F5 改为普通购药',
    nextEn: "See the agency's reason; F5 makes it an ordinary purchase",
  },
  'chronic-unknown': {
    retry: 'transient',
    zh: '还不知道参保人有没有门诊慢特病备案，医保中心没有应答',
    en: 'Nobody knows yet whether chronic diseases are filed for the holder: the agency did not answer',
    nextZh: '请重新读卡再查；也可按普通购药办理',
    nextEn: 'Read the card again to ask once more, or sell as an ordinary purchase',
  },
  'chronic-not-filed': {
    retry: 'permanent',
    zh: '参保人没有备案这个病种',
    en: 'This disease is not filed for the holder',
    nextZh: '请在就诊类别中重新选择',
    nextEn: 'Choose again among the kinds of visit',
  },
  'chronic-not-valid': {
    retry: 'permanent',
    zh: '这项门诊慢特病待遇今天在本店不能使用',
    en: 'This chronic entitlement does not count in this shop today',
    nextZh: '请按普通购药办理，或请参保人到经办机构核对备案',
    nextEn: 'Sell as an ordinary purchase, or let the holder ask the agency about the filing',
  },
  'chronic-dropped': {
    retry: 'permanent',
    zh: '换了参保人，原来选的门诊慢特病已取消，现在是普通购药',
    en: 'Another holder: the chronic disease that was chosen is gone, this is an ordinary purchase now',
    nextZh: '如需按门诊慢特病办理，请按 F5 重新选择',
    nextEn: 'Press F5 to choose again if this is a chronic patient’s purchase',
  },
  'chronic-offline': {
    retry: 'transient',
    zh: '连不上医保中心时不能办理门诊慢特病购药',
    en: 'A chronic patient’s purchase is not made while the agency is out of reach',
    nextZh: '请按 F5 改为普通购药，或等网络恢复后再办理',
    nextEn: 'Press F5 to make it an ordinary purchase, or wait for the link',
  },
});
