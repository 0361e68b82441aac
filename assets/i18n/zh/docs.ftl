### API 文档。接口说明本身在所有语言中均为英文。

## The documentation

docs-heading = API 文档
docs-title = { $api } API 文档 · payd
docs-overview = 概览
docs-apis = 各种 API
docs-contents = 本页内容
docs-skip = 跳到正文
docs-back = 返回管理后台
docs-own = 已填入 { $store } 的测试密钥。

docs-lead-text = payd 在同一个地址上同时支持五种 API，每一种都是某个托管支付网关的 API：如果您的网店已在使用其中之一，只需更换主机名和密钥，其他都不用改。款项从顾客的钱包直接进入您的钱包。
docs-pick-title = 选择哪种 API
docs-pick-text = 都没用过？以美元定价请选 PayHook；以其他货币定价或由顾客选择币种请选 soko。每个密钥都可以调用每种 API；店铺自身的 API 决定其 webhook 的格式。
docs-payhook-text = 请求头中一个密钥，以美分定价，网络和币种由您指定。使用 Idempotency-Key 可安全重试。
docs-soko-text = 带签名的调用，以加密货币或约四十种货币定价，由顾客在页面上选择支付币种。还提供汇率、余额、捐款和支付组件。
docs-crypto-pay-text = TRON 上的 USDT，一次签名调用加一个 webhook。每个项目属于一个网站，新项目从测试模式开始。
docs-usdt-payments-text = TRON 上的 USDT，一次签名调用加一个 webhook，不限制网站。
docs-cryptopayment-text = 以美元计价的账单，每张账单有独立地址：Bitcoin、Litecoin、Ether 和 USDT。密钥与 Secret 在同一个请求头中。
docs-price = 价格
docs-test-title = 测试模式
docs-test-text = 测试密钥从不接触真实区块链：其付款在 payd 内部的模拟链上运行，处理代码与真实资金相同。请创建测试密钥，创建一笔付款，然后在其付款页面上或用以下命令完成支付：
docs-simulate-text = 少付、多付、重复支付、逾期支付，或被区块链撤销：测试付款的付款页面上有一个面板，可以模拟所有这些情况。
docs-webhooks-title = Webhook 通知
docs-webhooks-text = 付款有变化时，payd 会向您的服务器发送带签名的消息。每个端点使用一种格式，它决定消息内容、签名和重试方式：
docs-webhook-verify = 首先对原始消息内容验证签名，再做其他处理。
docs-webhook-answer = 消息保存后立即响应 2xx，随后再处理。
docs-webhook-twice = 同一消息可能到达两次。每笔付款只处理一次。
docs-webhook-mode = 请检查是否为测试：切勿因测试付款而发货。
docs-standard-text = 还有第六种格式 standard：payd 自身的付款视图，使用 Standard Webhooks 的请求头，许多语言都有现成的验证工具。

docs-quick-title = 快速开始
docs-key-text = 创建测试密钥。密钥和 Secret 仅显示一次，请填入下面的程序。
docs-site-text = 告诉 payd 项目的网站。success_url 和 fail_url 中的地址必须属于该域名。
docs-endpoint-text = 告诉 payd 您的服务器在哪里接收 webhook。响应中包含其签名密钥。
docs-endpoint-own-text = 告诉 payd 您的服务器在哪里接收 webhook。它们使用创建付款的密钥的 API Secret 签名。
docs-endpoint-key-text = 告诉 payd 您的服务器在哪里接收 webhook，每个密钥都可以有自己的接收地址。响应中包含用于签名的 APP_KEY。
docs-languages = 编程语言
docs-create-title = 创建付款并读取状态
docs-create-text = 程序会先输出供顾客打开的付款地址，再输出付款的当前状态。
docs-verify-title = 接收 webhook
docs-verify-text = 一个完整的服务器：监听 8000 端口，拒绝未签名的内容，并输出每个已付清的订单。
docs-verify-shell-text = 用于试验：检查保存为文件的 webhook。服务器请选用其他语言。

docs-authentication-title = 身份验证
docs-public = 公开
docs-parameters = 参数
docs-body = 消息体
docs-reply = 响应
docs-same-fields = 字段与以下相同：
docs-errors = 错误
docs-required = 必填
docs-example = 示例：
docs-events = 事件
docs-headers = 请求头
docs-signature = 签名
docs-acknowledged = 接收确认与重试
