## Dashboard: what stands around every page

office-skip = Ir para o conteúdo
office-store = Loja
office-account = Sua conta:
office-sign-out = Sair
office-navigation = Páginas
office-waiting = pendentes
office-to-start = Ir para a página inicial
office-not-found-title = Não encontrado
office-not-found-text = Esta página não existe aqui ou pertence a uma loja que você não vê.
office-forbidden-title = Não para a sua função
office-forbidden-text = Isto exige a função “{ $role }”. Peça a um proprietário que o faça ou que mude sua função.
office-foreign-title = Não enviado desta página
office-foreign-text = O formulário não foi enviado de uma página deste painel, ou a página ficou aberta por mais tempo que sua sessão. Nada foi alterado: volte, recarregue a página e repita.
office-signed-out-title = Sessão encerrada
office-signed-out-text = Você não está conectado, ou não está mais. Nada foi alterado.
office-link-gone-title = Este link de configuração não vale mais
office-link-gone-text = Ele já foi usado, ou o payd foi reiniciado e gerou um novo. Se o payd já está configurado, entre.
office-too-many-title = Tentativas demais
office-unread-title = Não foi lido
office-unread-text = O que foi enviado é longo demais ou chegou incompleto. Nada foi alterado.
office-failed-title = Não funcionou
office-failed-text = O payd não conseguiu fazer isto por causa de um erro interno; o log diz mais. Nada foi alterado.
office-docs-text = Como a sua loja fala com o payd: inícios rápidos em seis linguagens e a referência.
office-docs-overview = Qual delas é a minha? Visão geral
office-docs-key = Colocar uma chave de teste
office-docs-key-hint = Cria uma chave de teste desta loja e a escreve nos programas, neste navegador e por uma hora. Ela fica na lista das suas chaves de API.
role-owner = Proprietário
role-staff = Equipe
role-read-only = Somente leitura

## Dashboard: navigation

nav-overview = Visão geral
nav-payments = Pagamentos
nav-counter = Ponto de venda
nav-inbox = Caixa de entrada
nav-balances = Saldos
nav-donations = Doações
nav-addresses = Endereços
nav-webhooks = Webhooks
nav-keys = Chaves de API
nav-widget = Widget de pagamento
nav-settings = Configurações da loja
nav-stores = Lojas
nav-nodes = Nós
nav-notices = Notificações
nav-users = Usuários
nav-audit-log = Registro de auditoria
nav-backup = Backup
nav-docs = Documentação
nav-about = Sobre o payd

## Dashboard: signing in

entry-sign-in-title = Entrar
entry-name-label = Nome de usuário
entry-password-label = Senha
entry-sign-in = Entrar
entry-wrong = O nome ou a senha está errado.
entry-too-many = Muitas tentativas falharam. Tente novamente em { $seconds } segundos.
