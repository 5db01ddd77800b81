/**
 * Headers of other programs for each column, apart by spaces: names from pharmacy and hospital systems and the
 * field names of the agency's own tables. They are offered as a proposal and taken only when it was confirmed,
 * because one word means different things in different programs (分类, 编码, 名称).
 */
export const seenHeaders = {
  shopCode:
    '商品编号 商品代码 药品编码 药品编号 货号 货品编码 编码 编号 自编码 内码 商品id 药品id 物料编码 项目编码 本店编码 院内码 自定义码 医药机构目录编码 fixmedins_hilist_id item_code itemcode product_code sku goods_no',
  nationalCode:
    '医保码 医保代码 国家码 国码 国家医保代码 国家药品代码 国家药品编码 医保目录编码 医疗目录编码 医保药品编码 国家贯标码 贯标码 国家局编码 中心编码 医保中心编码 med_list_codg medlistcodg ybbm nhsa_code',
  genericName:
    '品名 名称 药名 药品通用名 药品通用名称 商品通用名 化学名 货品名称 项目名称 物品名称 药品 品种名称 中文名称 医药机构目录名称 drug_name item_name product_name genname drug_genname reg_name',
  tradeName: '品牌 品牌名 商标 商标名 药品商品名 brand brand_name',
  form: '药品剂型 剂型名称 制剂 剂型分类 dosage_form dosform drug_dosform',
  specification:
    '药品规格 商品规格 包装规格 规格包装 型号规格 规格/型号 货品规格 制剂规格 spec drug_spec model',
  maker:
    '厂商 生产厂商 生产单位 生产企业名称 药品企业 制造商 企业名称 上市许可持有人 药品上市许可持有人 持有人 产地/厂家 生产厂家名称 manufacturer prodentp_name factory producer',
  approvalNumber:
    '国药准字 准字号 批文 批文号 批准文号/注册证号 注册证号 药品批准文号 文号 注册证编号 aprvno approval_no license_no',
  barcode: '商品条码 商品条形码 国际条码 69码 六九码 条码号 包装条码 ean ean13 ean_13 gtin upc',
  packUnit:
    '销售单位 计量单位 计价单位 售卖单位 零售单位 基本单位 库存单位 药品单位 大单位 unit uom minpacunt_name min_pacunt_name',
  price:
    '零售价格 零售单价 销售价 销售价格 销售单价 价格 现价 卖价 门店价 零售价(元) 售价(元) 单价(元) 执行价 标价 包装零售价 retail_price sale_price unit_price pric',
  insuranceClass:
    '医保分类 医保类型 甲乙丙 甲乙丙类 甲乙类标识 医保甲乙类 费用等级 收费项目等级 收费等级 目录等级 医保级别 报销类别 医保属性 chrgitm_lv class',
  firstSelfPay:
    '先自付比例 个人自付比例 首先自付比例 自理比例 先行自付 先行支付比例 个人先行自付比例 自费比例 selfpay_prop self_pay_ratio',
  ceiling:
    '医保限价 医保支付标准 支付限价 最高限价 支付上限 最高支付价 定价上限金额 医保支付价 pric_uplmt_amt hilist_pric_uplmt_amt max_price',
  category: '药品类别 商品分类 药品分类 分类 类型 商品类型 项目类别 目录类别 费用类别 type list_type',
  prescription:
    '是否处方药 处方药标志 处方标志 处方分类 处方类型 otc rx rx_otc 非处方药标志 otc标志 is_rx rxflag',
  stock: '库存数 库存量 现有库存 当前库存 结存数量 结存 可用库存 可售库存 qty quantity inventory stock_qty',
  remark: '医保备注 限制使用范围 限制条件 支付范围 说明 限定条件 医保限制 限制使用说明 memo note lmt_usescp',
  standardCode: '国家药品本位码 国药本位码 86码 药监码 drugstdcode drug_std_code std_code',
  aliases: '又名 俗名 曾用名 其他名称 注册名 注册名称 药品别名 alias alis other_name',
  pinyin:
    '拼音 拼音助记码 助记码 简码 首拼 拼音首字母 速记码 输入码 pym pinyin_initials py py_code pinyin_code',
  wubi: '五笔 五笔助记码 wbm wb wubi_initials wb_code wubi_code',
  tracePrefix: '追溯码 药品追溯码 电子监管码 监管码 追溯码前七位 追溯码前7位 trace_code drug_trac_codg',
  unitsPerPack:
    '拆零系数 拆零比例 拆零数 包装系数 换算系数 转换系数 换算比 包装数量 最小包装数量 包装量 装量 每包数量 大小单位比 min_pac_cnt convrat pack_qty conversion',
  smallestUnit:
    '小单位 最小制剂单位 制剂单位 最小使用单位 使用单位 剂量单位 最小计量单位 min_unit minprepunt_name min_prepunt_name small_unit',
  smallestUnitPrice:
    '拆零价格 拆零零售价 最小单位价 最小单位价格 小单位价 小单位零售价 split_price small_price',
  procuredPrice:
    '中选价 中选价格 集采价格 集采中选价 带量采购价格 带量价 国谈价 挂网价 procurement_price vbp_price',
  procuredFrom:
    '集采开始 集采起始日期 采购周期开始 中选开始日期 执行日期 协议开始日期 procured_begin vbp_from',
  procuredTo: '集采结束 集采截止日期 集采终止日期 采购周期结束 中选结束日期 协议结束日期 procured_end vbp_to',
} as const;
