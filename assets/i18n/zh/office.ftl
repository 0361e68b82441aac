## Dashboard: what stands around every page

office-skip = 跳到正文
office-store = 店铺
office-account = 您的账户：
office-sign-out = 退出登录
office-navigation = 页面导航
office-waiting = 待处理
office-to-start = 前往首页
office-not-found-title = 未找到
office-not-found-text = 没有此页面，或它属于您无权查看的店铺。
office-forbidden-title = 您的角色无此权限
office-forbidden-text = 此操作需要“{ $role }”角色。请由所有者执行，或请所有者更改您的角色。
office-foreign-title = 请求并非来自此页面
office-foreign-text = 表单并非从此管理后台的页面提交，或页面打开的时间超过了登录有效期。未作任何更改：请返回并重新加载页面，然后重试。
office-signed-out-title = 已退出登录
office-signed-out-text = 您尚未登录，或登录已失效。未作任何更改。
office-link-gone-title = 此设置链接已失效
office-link-gone-text = 链接已使用过，或 payd 重新启动后输出了新链接。如果 payd 已完成设置，请登录。
office-too-many-title = 尝试次数过多
office-unread-title = 未能读取
office-unread-text = 提交的内容过长，或中途中断。未作任何更改。
office-failed-title = 操作未成功
office-failed-text = 由于内部错误，payd 无法完成此操作，详情请查看日志。未作任何更改。
office-docs-text = 您的网店如何与 payd 对接：六种语言的快速入门和参考。
office-docs-overview = 哪一个适合我？概览
office-docs-key = 填入测试密钥
office-docs-key-hint = 为此店铺创建一个测试密钥，并在此浏览器中填入示例程序，有效一小时。它会保留在您的 API 密钥列表中。
role-owner = 所有者
role-staff = 员工
role-read-only = 只读

## Dashboard: navigation

nav-overview = 概览
nav-payments = 付款
nav-counter = 收银台
nav-inbox = 待处理款项
nav-balances = 余额
nav-donations = 捐款
nav-addresses = 地址
nav-webhooks = Webhook
nav-keys = API 密钥
nav-widget = 支付组件
nav-settings = 店铺设置
nav-stores = 店铺
nav-nodes = 节点
nav-notices = 通知
nav-users = 用户
nav-audit-log = 审计日志
nav-backup = 备份
nav-docs = 文档
nav-about = 关于 payd

## Dashboard: signing in

entry-sign-in-title = 登录
entry-name-label = 用户名
entry-password-label = 密码
entry-sign-in = 登录
entry-wrong = 用户名或密码不正确。
entry-too-many = 失败次数过多，请在 { $seconds } 秒后重试。
