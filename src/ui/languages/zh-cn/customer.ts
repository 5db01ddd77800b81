/** Chinese: the customer's screen. */
export const customer = {
  customerWelcome: '欢迎光临',
  customerShow: '请出示社保卡或医保电子凭证',
  customerClosed: '本柜台暂停服务',
  customerLost: '正在重新连接…',
  customerCheck: '请核对金额',
  customerPin: '请在密码键盘上输入密码',
  customerWait: '正在处理，请勿拔卡',
  customerPay: '请付款',
  customerTake: '请取回您的卡',
  customerThanks: '谢谢惠顾，祝您健康',
  customerAsk: '请稍候，店员正在核实',
  customerScanning: '正在扫描商品',
  customerBefore: '账户余额',
  customerAfter: '支付后余额',
};
