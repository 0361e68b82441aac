## Dashboard: one’s own account

account-title = Sua conta
account-password = Alterar sua senha
account-password-old = Sua senha atual
account-password-new = Nova senha
account-password-again = Nova senha, mais uma vez
account-password-hint = Pelo menos dez caracteres. Você continua conectado aqui e é desconectado de todos os outros lugares.
account-password-go = Alterar senha
account-password-done = Sua senha foi alterada. Você foi desconectado de todos os outros lugares.
account-language = Idioma
account-language-browser = O do navegador
account-language-done = O idioma foi alterado.
account-sessions = Onde você está conectado
account-sessions-end = Sair de todos os outros lugares
account-sessions-done = Você foi desconectado de todos os outros lugares.
account-session-done = A sessão foi encerrada.
session-browser = Navegador
session-address = De
session-since = Desde
session-seen = Último uso
session-this = Esta
session-end = Encerrar
people-save = Salvar
people-cancel = Cancelar
people-actions = Ações
people-back-account = Voltar para sua conta
own-password = Sua própria senha
own-password-wrong = Esta não é a sua senha.
password-too-short = A senha precisa ter pelo menos { $length } caracteres.
password-too-long = Esta senha é longa demais.
password-too-plain = Esta senha é uma das primeiras que alguém tentaria. Use várias palavras ou deixe um gerenciador de senhas criar uma.
password-not-same = As duas não são iguais.

## Dashboard: reached by a wrong name

entry-host-title = Não com este nome
entry-host-text = Este painel não foi informado de que tem este nome. Se ele é seu, defina public_url na seção [dashboard] da configuração com o endereço que você digitou e reinicie o payd.

## Dashboard: the second factor

entry-second-title = Segunda etapa
entry-second-label = Código do seu aplicativo ou um código de recuperação
entry-second-hint = O aplicativo no seu celular mostra seis dígitos, novos duas vezes por minuto. Cada código vale uma só vez.
entry-second-go = Continuar
entry-second-other = Entrar com outro usuário
entry-second-wrong = Este código está errado, é antigo demais ou já foi usado.
second-factor-title = Segunda etapa ao entrar
second-factor-is-on = Ativada
second-factor-is-off = Desativada
second-factor-why = Com uma segunda etapa, uma senha roubada não basta para entrar: um aplicativo no seu celular gera um código para cada acesso.
second-factor-switch-on = Ativar
second-factor-change = Códigos de recuperação, desativar
second-factor-step-scan = 1. Adicione o payd a um aplicativo autenticador
second-factor-qr = Código QR para um aplicativo autenticador
second-factor-type = Leia este código com o aplicativo ou digite nele a chave:
second-factor-open = Abrir em um aplicativo neste dispositivo
second-factor-step-code = 2. Mostre que funciona
second-factor-code = Os seis dígitos que o aplicativo mostra
second-factor-wrong-on = Este não é o código desta chave. Compare o relógio do seu celular com o do servidor e digite o código mais recente.
second-factor-off = Desativar a segunda etapa
second-factor-off-hint = A partir daí, só a sua senha basta para entrar, e os códigos de recuperação deixam de valer.
second-factor-off-go = Desativar
second-factor-off-done = A segunda etapa foi desativada.
recovery-title = Códigos de recuperação
recovery-once = Estes códigos são mostrados só desta vez. Cada um permite entrar uma vez sem o aplicativo: imprima-os ou guarde-os em um gerenciador de senhas, não no celular com o aplicativo.
recovery-print = Imprimir
recovery-done = Já guardei
recovery-left = { $count ->
    [one] Resta { $count } código de recuperação.
   *[other] Restam { $count } códigos de recuperação.
}
recovery-new = Novos códigos de recuperação
recovery-new-hint = Quando restam poucos ou alguém pode tê-los visto. Os antigos deixam de valer.
recovery-new-go = Criar novos códigos

## Dashboard: users

user-add = Adicionar usuário
user-new-title = Novo usuário
user-back = Todos os usuários
user-role = Função
role-may-owner = Pode fazer tudo: destino do dinheiro, chaves, pessoas.
role-may-staff = O trabalho do dia: pagamentos, caixa de entrada, ponto de venda, reenvio de webhooks.
role-may-read-only = Pode ver, mas não alterar nada.
user-stores = Lojas
user-all-stores = Todas as lojas
user-some-stores = Somente estas:
user-self = Você
user-disabled = Desativado
user-since = Adicionado em
user-rights = Função e lojas
user-where = Onde entrar
user-name-wrong = O nome tem até 64 letras, dígitos e . - _ @ e começa com uma letra ou um dígito.
user-name-taken = Já existe um usuário com este nome.
user-role-missing = Escolha uma função.
user-store-missing = Escolha pelo menos uma loja, ou todas.
user-last-owner = Este é o último proprietário que pode entrar. Antes, torne outra pessoa proprietária.
user-owner-sees-all = Um proprietário vê todas as lojas.
own-password-for-owner = Sua própria senha, para tornar alguém proprietário
user-add-done = O usuário foi adicionado.
user-change-done = A função e as lojas foram alteradas.
user-password-made = O payd cria uma e a mostra uma só vez
user-password-typed = Eu digito uma:
user-password-once = A senha é mostrada só desta vez. Entregue-a pessoalmente e peça que seja trocada.
user-password-kept = Já guardei
user-password-new = Nova senha
user-password-hint = Para quem esqueceu a sua. A pessoa é desconectada de todos os lugares.
user-password-go = Definir a senha
user-password-done = A senha foi alterada. A pessoa foi desconectada de todos os lugares.
user-second-factor-hint = Para quem perdeu o celular e os códigos de recuperação. Certifique-se de que é mesmo essa pessoa quem pede.
user-second-factor-done = A segunda etapa dessa pessoa foi desativada.
user-disable = Desativar
user-disable-ask = A pessoa é desconectada na hora e não pode entrar de novo até que você a reative.
user-disable-go = Desativar este usuário
user-disable-done = O usuário foi desativado e desconectado.
user-enable = Ativar
user-enable-done = O usuário pode entrar de novo.
user-own-account = Sua própria senha, segunda etapa e sessões ficam na sua conta.
user-sessions = Onde está conectado
user-sign-out = Desconectar de todos os lugares
user-sign-out-done = A pessoa foi desconectada de todos os lugares.
user-no-sessions = Em nenhum lugar.
people-copy = Copiar

## Dashboard: the audit log

log-export = Baixar em CSV
log-when = Quando
log-actor = Quem
log-action = O quê
log-subject = Sobre
log-detail = Detalhe
log-everybody = Todos
log-everything = Tudo
log-filter = Mostrar
log-all = Mostrar tudo
log-empty = Nada foi feito manualmente ainda.
log-pages = Registros anteriores e posteriores
log-newest = Mais recentes
log-older = Mais antigos

## Dashboard: backup

backup-what = Um arquivo com tudo o que o payd sabe: o banco de dados, como está neste momento, e o arquivo da chave.
backup-database = Banco de dados
backup-key = Arquivo da chave
backup-secret = Juntos, os dois são tudo: chaves de API, segredos de webhooks, acessos. O banco de dados não serve para nada sem o arquivo da chave. Guarde a cópia onde ninguém mais a leia; melhor ainda, os dois separados. Não há chaves de carteiras nela: o payd não tem nenhuma.
backup-go = Baixar o backup
backup-busy = Um backup já está sendo feito ou baixado. Tente novamente quando terminar.
backup-restore = Para restaurar
backup-restore-how = Pare o payd, extraia os dois arquivos no diretório de dados no lugar dos que estão lá e inicie o payd. Os pagamentos feitos depois do backup não estão nele: antes do primeiro pagamento novo, faça os endereços de uma chave da conta continuarem depois de todos os que já foram usados.
backup-cli = Para backups automáticos, toda noite, existe o comando:

## Dashboard: about payd

about-version = Versão
about-target = Compilado para
about-rust = Compilado com
about-licence = Licença
about-started = Em execução há
about-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
}
about-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
}
about-days = { $count ->
    [one] { $count } dia
   *[other] { $count } dias
}
about-database = Banco de dados
about-schema = esquema { $version }
about-place = Diretório de dados
about-listens-customers = Escuta clientes e lojas em
about-listens-dashboard = Escuta o painel em
about-listens-metrics = Escuta as métricas em
about-licences = De quem é o trabalho no payd
about-licences-text = O payd é feito com estes pacotes livres, por licença.
