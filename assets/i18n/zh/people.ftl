## Dashboard: one’s own account

account-title = 您的账户
account-password = 更改密码
account-password-old = 当前密码
account-password-new = 新密码
account-password-again = 再次输入新密码
account-password-hint = 至少十个字符。此处保持登录，其他各处都会退出登录。
account-password-go = 更改密码
account-password-done = 密码已更改，其他各处均已退出登录。
account-language = 语言
account-language-browser = 跟随浏览器
account-language-done = 语言已更改。
account-sessions = 登录会话
account-sessions-end = 退出其他所有会话
account-sessions-done = 其他各处均已退出登录。
account-session-done = 会话已结束。
session-browser = 浏览器
session-address = 来源地址
session-since = 登录时间
session-seen = 上次使用
session-this = 当前会话
session-end = 结束
people-save = 保存
people-cancel = 取消
people-actions = 操作
people-back-account = 返回您的账户
own-password = 您自己的密码
own-password-wrong = 密码不正确。
password-too-short = 密码至少 { $length } 个字符。
password-too-long = 密码过长。
password-too-plain = 此密码极易被猜中。请用几个词组成密码，或由密码管理器生成。
password-not-same = 两次输入不一致。

## Dashboard: reached by a wrong name

entry-host-title = 无法通过此名称访问
entry-host-text = 此管理后台未被告知使用该名称。如果该名称属于您，请将配置文件 [dashboard] 部分的 public_url 设为您输入的地址，然后重新启动 payd。

## Dashboard: the second factor

entry-second-title = 第二步验证
entry-second-label = 应用中的验证码或恢复码
entry-second-hint = 手机应用显示六位数字，每分钟更新两次。每个验证码只能使用一次。
entry-second-go = 继续
entry-second-other = 以其他身份登录
entry-second-wrong = 验证码错误、已过期或已使用过。
second-factor-title = 两步验证登录
second-factor-is-on = 已启用
second-factor-is-off = 未启用
second-factor-why = 启用两步验证后，仅凭盗取的密码无法登录：每次登录都需要手机应用生成的验证码。
second-factor-switch-on = 启用
second-factor-change = 恢复码、停用
second-factor-step-scan = 1. 将 payd 添加到身份验证器应用
second-factor-qr = 供身份验证器应用扫描的二维码
second-factor-type = 用应用扫描此二维码，或在应用中输入密钥：
second-factor-open = 在本设备的应用中打开
second-factor-step-code = 2. 确认可用
second-factor-code = 应用显示的六位数字
second-factor-wrong-on = 验证码与此密钥不符。请核对手机与服务器的时间，并输入最新的验证码。
second-factor-off = 停用两步验证
second-factor-off-hint = 停用后仅凭密码即可登录，恢复码全部失效。
second-factor-off-go = 停用
second-factor-off-done = 两步验证已停用。
recovery-title = 恢复码
recovery-once = 这些恢复码仅显示这一次。没有应用时，每个恢复码可登录一次：请打印出来，或保存在密码管理器中，不要存放在装有该应用的手机上。
recovery-print = 打印
recovery-done = 我已保存
recovery-left = { $count ->
   *[other] 还剩 { $count } 个恢复码。
}
recovery-new = 新恢复码
recovery-new-hint = 适用于恢复码所剩不多或可能已被他人看到的情况。旧恢复码随即失效。
recovery-new-go = 生成新恢复码

## Dashboard: users

user-add = 添加用户
user-new-title = 新用户
user-back = 所有用户
user-role = 角色
role-may-owner = 拥有全部权限：款项去向、密钥、人员。
role-may-staff = 日常工作：付款、待处理款项、收银台、重新发送 webhook。
role-may-read-only = 只能查看，不能更改。
user-stores = 店铺
user-all-stores = 所有店铺
user-some-stores = 仅限以下店铺：
user-self = 您
user-disabled = 已停用
user-since = 添加时间
user-rights = 角色和店铺
user-where = 登录地址
user-name-wrong = 用户名最多 64 个字符，可用字母、数字和 . - _ @，并以字母或数字开头。
user-name-taken = 已有同名用户。
user-role-missing = 请选择角色。
user-store-missing = 请至少选择一家店铺，或选择全部。
user-last-owner = 这是最后一位可以登录的所有者。请先将其他人设为所有者。
user-owner-sees-all = 所有者可以查看所有店铺。
own-password-for-owner = 输入您自己的密码，才能将他人设为所有者
user-add-done = 用户已添加。
user-change-done = 角色和店铺已更改。
user-password-made = 由 payd 生成，仅显示一次
user-password-typed = 由我输入：
user-password-once = 密码仅显示这一次。请当面交给对方，并请对方更改。
user-password-kept = 我已保存
user-password-new = 新密码
user-password-hint = 适用于忘记密码的用户。对方会在各处退出登录。
user-password-go = 设置密码
user-password-done = 密码已更改，对方已在各处退出登录。
user-second-factor-hint = 适用于手机和恢复码都已丢失的用户。请确认提出请求的确实是本人。
user-second-factor-done = 已停用对方的两步验证。
user-disable = 停用
user-disable-ask = 对方会立即退出登录，在您重新启用之前无法登录。
user-disable-go = 停用此用户
user-disable-done = 用户已停用并退出登录。
user-enable = 启用
user-enable-done = 该用户可以重新登录。
user-own-account = 您自己的密码、两步验证和会话请在“您的账户”中管理。
user-sessions = 登录会话
user-sign-out = 在各处退出登录
user-sign-out-done = 对方已在各处退出登录。
user-no-sessions = 没有会话。
people-copy = 复制

## Dashboard: the audit log

log-export = 下载 CSV
log-when = 时间
log-actor = 操作人
log-action = 操作
log-subject = 对象
log-detail = 详情
log-everybody = 所有人
log-everything = 所有操作
log-filter = 筛选
log-all = 显示全部
log-empty = 还没有人工操作。
log-pages = 更早和更新的记录
log-newest = 最新
log-older = 更早

## Dashboard: backup

backup-what = 一个文件，包含 payd 的全部数据：此刻的数据库和密钥文件。
backup-database = 数据库
backup-key = 密钥文件
backup-secret = 两者合在一起就是全部：API 密钥、webhook 签名密钥、登录信息。没有密钥文件，数据库毫无用处。请将备份存放在他人无法读取的地方，最好将两者分开保存。其中没有钱包私钥：payd 从不持有。
backup-go = 下载备份
backup-busy = 正在生成或下载另一份备份。请在完成后重试。
backup-restore = 恢复方法
backup-restore-how = 停止 payd，将两个文件解压到数据目录并替换原有文件，再启动 payd。备份之后的付款不在其中：在创建第一笔新付款之前，请让账户公钥的地址从所有已分配的地址之后继续。
backup-cli = 如需每晚自动备份，可使用以下命令：

## Dashboard: about payd

about-version = 版本
about-target = 目标平台
about-rust = 编译工具
about-licence = 许可证
about-started = 已运行
about-minutes = { $count ->
   *[other] { $count } 分钟
}
about-hours = { $count ->
   *[other] { $count } 小时
}
about-days = { $count ->
   *[other] { $count } 天
}
about-database = 数据库
about-schema = 数据库结构版本 { $version }
about-place = 数据目录
about-listens-customers = 顾客和网店的监听地址
about-listens-dashboard = 管理后台的监听地址
about-listens-metrics = 指标的监听地址
about-licences = payd 中包含的作品
about-licences-text = payd 由以下自由软件包构建而成，按许可证排列。
