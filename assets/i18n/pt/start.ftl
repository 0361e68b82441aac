## Dashboard: the first run

start-step-owner = Você
start-step-store = Loja
start-step-coins = Moedas
start-step-addresses = Endereços
start-step-webhook = Webhook
start-step-test = Teste
start-steps = Etapas
start-title-owner = Configurar o payd
start-title-store = Sua loja
start-title-coins = Com o que você quer receber?
start-title-addresses = Para onde vai seu dinheiro?
start-title-webhook = Quem é avisado dos pagamentos?
start-title-test = Experimente
start-next = Continuar
start-skip = Agora não

start-owner-text = Este payd pertence a quem preencher esta página. Escolha como você entrará de agora em diante.
start-owner-password-hint = Pelo menos dez caracteres. Algumas palavras que você lembre são melhores que uma só com símbolos.

user-name-mistake = O nome de usuário tem de 1 a 64 letras, dígitos e . - _ @, e começa com uma letra ou um dígito.
password-short = A senha precisa ter pelo menos { $least } caracteres.
password-long = Esta senha é longa demais.
password-plain = Esta senha é uma das primeiras que alguém tentaria. Use várias palavras ou deixe um gerenciador de senhas criar uma.

start-store-name-label = Nome da loja
start-store-name-hint = Os clientes o veem na página de pagamento.
start-store-name-mistake = O nome tem de 1 a 64 caracteres, sem quebras de linha, e não começa com hífen.
start-store-name-taken = Já existe uma loja com este nome.
start-fiat-label = Sua moeda
start-api-label = Qual gateway sua loja usa hoje?
start-api-payhook = PayHook, ou nenhum ainda
start-api-soko = soko
start-api-crypto-pay = Crypto Pay (precisa do site abaixo)
start-api-usdt-payments = USDT Payments
start-api-cryptopayment = CryptoPayment
start-website-label = Site da loja (opcional)
start-website-mistake = Escreva assim: https://shop.example. Com Crypto Pay, é obrigatório.
start-website-taken = Outra loja já tem este site.

start-coins-text = Escolha as redes em que seus clientes podem pagar. O payd as acompanha por nós públicos, sem conta em lugar nenhum.
start-coins-fixed = definida no arquivo de configuração
start-coins-refused = Não foi possível ativar: { $reason }
start-coins-remark = Nós próprios e mais redes podem ser adicionados depois, em “Nós”.

start-addresses-text = Cole onde você quer receber: um ou mais endereços seus, um por linha, ou a chave pública de uma conta (xpub, ypub, zpub), com a qual o payd cria um endereço novo para cada pagamento.
start-addresses-warning = Nunca cole uma frase de recuperação nem uma chave privada, aqui ou em qualquer lugar. O payd não precisa de nenhuma e não aceita nenhuma.
start-addresses-none = Você não escolheu nenhuma rede. Para um teste, tudo bem; endereços podem ser adicionados a qualquer momento.
start-addresses-file = Ou de um arquivo:
start-address-good = Correto: { $found }
start-addresses-good = { $count ->
    [one] { $count } linha correta
   *[other] { $count } linhas corretas
}
start-account-good = uma conta; o primeiro endereço é { $address }. Compare com sua carteira.
start-secret = Isto pode gastar dinheiro! Quem o viu pode levar tudo o que ele guarda. Passe esse dinheiro para uma carteira nova e nunca mais cole palavras assim. Nada foi guardado.
start-other-network = Este é um endereço de { $found }. Aqui é preciso um de { $wanted }.
start-bad-address = Não é possível receber com isto: { $reason }
start-no-address = Isto não é um endereço de { $wanted } nem a chave pública de uma conta.

start-webhook-text = O payd avisa o servidor da sua loja de cada pagamento com uma mensagem assinada para esta URL. Ela é testada na hora.
start-webhook-label = URL (opcional)
start-webhook-hint = Esta máquina e sua rede local também servem.
start-webhook-try = Continuar e testar
start-webhook-refused = Esta URL não pode ser usada: { $reason }
start-webhook-secret = Segredo do webhook
start-webhook-arrived = O teste chegou.
start-webhook-not-arrived = O teste não chegou; com os webhooks reais, o payd tentará várias vezes.
start-webhook-replied = A resposta foi HTTP { $status }.
start-webhook-slow = Não houve resposta a tempo.
start-keys-text = Estas são as chaves da sua loja. Copie-as agora para as configurações dela: são mostradas só desta vez.
start-base-url = Endereço da API do payd
start-key-test = Chave de teste
start-secret-test = Segredo de teste
start-key-live = Chave real
start-secret-live = Segredo real
start-copy = Copiar

start-test-text = Crie um pagamento de teste. Ele existe em uma blockchain simulada dentro do payd: nenhum dinheiro é movimentado.
start-test-order = Pedido de teste
start-test-make = Criar o pagamento de teste
start-test-look = Ver como seu cliente vê
start-test-pay = Pagar com dinheiro simulado
start-test-seen = Identificado. Aguardando confirmações…
start-test-paid = Pago
start-done-text = É só isso. Os pagamentos que sua loja criar de agora em diante aparecem na visão geral.
start-done = Ir para a visão geral
