/** English: the customer's screen. */
export const customer = {
  customerWelcome: 'Welcome',
  customerShow: 'Please show your card or e-certificate',
  customerClosed: 'This counter is closed',
  customerLost: 'Reconnecting…',
  customerCheck: 'Please check the amounts',
  customerPin: 'Please enter your PIN on the pad',
  customerWait: 'Please wait and leave your card in',
  customerPay: 'Please pay',
  customerTake: 'Please take your card',
  customerThanks: 'Thank you',
  customerAsk: 'One moment, our staff is checking',
  customerScanning: 'Scanning your products',
  customerBefore: 'Account before',
  customerAfter: 'Account after',
};
