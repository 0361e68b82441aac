## Dashboard: networks and their nodes

nodes-intro = payd 通过他人或您自己运行的节点读取各个网络。一个节点失败时，payd 会改用下一个。
nodes-refresh = 刷新
nodes-none = 尚未启用任何网络，因此只能使用测试付款。请启用顾客付款所用的网络。
nodes-as-of = 截至
nodes-failure = 最近一次网络更改未生效：
nodes-error = 目前无法读取此网络。payd 会自动重试；已付款项不会丢失，在重新读取网络之前付款也不会过期。
nodes-alarm = 需要人工查看：
nodes-state-well = 已同步
nodes-state-behind = 同步中
nodes-state-failing = 无法连接
nodes-state-starting = 启动中
nodes-theirs = 在配置文件中设置
nodes-off-theirs = 已在配置文件中停用
nodes-change = 更改
nodes-switch-on = 启用
nodes-switch-off = 停用
nodes-back = 返回
nodes-tip = 最新区块
nodes-cursor = 已读取到
nodes-behind = 落后
nodes-behind-none = 无落后
nodes-behind-some =
    { $blocks ->
       *[other] { $blocks } 个区块，约 { $span }
    }
nodes-read = 上次读取
nodes-open = 未完成的付款
nodes-off = 未启用
nodes-providers-of = { $network } 的节点
nodes-provider = 节点
nodes-provider-state = 状态
nodes-provider-well = 正常
nodes-provider-throttled = 请求过多
nodes-provider-resting = 暂停请求
nodes-provider-unasked = 尚未请求
nodes-latency = 响应时间
nodes-lag-label = 落后
nodes-lag =
    { $blocks ->
       *[other] { $blocks } 个区块
    }
nodes-errors = 失败
nodes-calls = 今日请求
nodes-budget = 剩余额度
nodes-last-error = 最近的错误
nodes-rests = { $span }后再次请求：{ $reason }
nodes-percent = { $percent }%
nodes-milliseconds = { $ms } 毫秒
nodes-span-seconds = { $count } 秒
nodes-span-minutes = { $count } 分钟
nodes-span-hours = { $count } 小时
nodes-span-days =
    { $count ->
       *[other] { $count } 天
    }

## Dashboard: switching networks on and off

nodes-on-title = 启用 { $network }
nodes-change-title = 更改 { $network }
nodes-choose = 使用的节点
nodes-choose-hint = 请选择两个或更多由不同运营者运行的节点：两个节点结果一致，付款才会计入。公共节点时有变动。
nodes-own = 自有节点
nodes-own-hint = 您自己的节点，或您持有密钥的节点。地址中的密钥仅保存在本机，不再显示。
nodes-url-label = 地址 { $number }
nodes-kind-label = 类型 { $number }
nodes-kind-by-url = 根据地址判断
nodes-header-label = 密钥请求头 { $number }（如果服务商要求）
nodes-header-example = { "tron-pro-api-key: …" }
nodes-tokens = 代币
nodes-tokens-hint = 未勾选的代币，其款项检测不到。
nodes-confirmations = 确认数
nodes-confirmations-hint = 付款计入所需的区块数：填写 1 到 { $limit } 的数字，或按付款的美元价值分级，例如 { "0=1,100=2,1000=3" }。越多越安全，也越慢。
nodes-confirmations-wrong = 请填写 1 到 { $limit } 的数字，或从 0 开始逐级递增的分级，例如 { "0=1,100=2,1000=3" }。
nodes-anyway = 即使部分节点响应异常，仍使用这些节点
nodes-save-hint = payd 会自动重启以应用更改，需要几秒钟。付款不受影响。
nodes-save = 保存
nodes-test = 测试节点
nodes-no-providers = 请勾选节点，或填写自有节点的地址。
nodes-not-good = 部分节点无法使用，请查看检测结果。未作任何更改。
nodes-refused = 不被接受：{ $reason }
nodes-probe-good = 可用：{ $ms } 毫秒内响应，位于区块 { $height }。
nodes-probe-fault = 无法使用：{ $reason }
nodes-probe-other = 此节点服务于 { $served }，而不是 { $network }。请使用 { $network } 节点的地址。
nodes-off-title = 停用 { $network }？
nodes-off-text = payd 将停止读取 { $network }：该网络上无法新建付款，到达的款项在重新启用之前也检测不到。已付款项仍保留在账上。
nodes-off-open =
    { $count ->
       *[other] 该网络上仍有 { $count } 笔付款在等待款项或确认。停用后，它们将一直等待到重新启用网络为止。
    }
nodes-applying-title = 正在更改网络
nodes-applying-text = payd 正在以新的网络设置重启。此页面会在几秒后自动继续。
nodes-applying-look = 立即查看
nodes-done-changed = 网络已更改。
nodes-done-refused = 更改未能生效，payd 继续按原设置运行。
