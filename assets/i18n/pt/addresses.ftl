## Dashboard: the password once more

again-label = Sua senha
again-hint = Pedimos de novo porque isto decide para onde vai o dinheiro.
again-missing = Digite sua senha: isto decide para onde vai o dinheiro.
again-wrong = Esta não é a sua senha. Nada foi alterado.

## Dashboard: ways to receive

way-pool = Conjunto de endereços
way-xpub = Chave da conta
way-shared = Um só endereço

## Dashboard: where a store receives

addresses-intro = O dinheiro vai direto dos clientes para estes endereços. O payd nunca tem as chaves deles.
addresses-card-empty = Nada configurado ainda: não é possível receber pagamentos nesta rede.
addresses-held = reservados por pagamentos
addresses-resting = em descanso
addresses-free = livres
addresses-waiting = aguardando lugar
addresses-total = no total
addresses-amounts = valores para um mesmo preço
addresses-retired-count = retirados
addresses-per-hour = Há lugar para cerca de { $rate } pagamentos por hora, mesmo que ninguém pague antes do fim do prazo.
addresses-low-pool = Há poucos endereços livres. Adicione mais, reduza o prazo de pagamento ou o descanso dos endereços nas configurações da loja, ou use uma chave da conta, que nunca se esgota.
addresses-low-amounts = Há poucos valores livres, e alguns pagamentos podem ter que esperar. Permita mais valores ou use uma chave da conta ou um conjunto de endereços.
addresses-next-index = O próximo pagamento recebe o endereço número { $index } da conta.
addresses-no-limit = Cada pagamento recebe seu próprio endereço: sempre há lugar.
addresses-unwatched = Ninguém acompanha esta rede ainda, por isso não é possível receber pagamentos nela. Adicione um nó para ela na página “Nós” ou na configuração.
addresses-wallet-altered = Esta configuração foi alterada no banco de dados, e não pelo payd. Nenhum cliente é orientado a pagar ali. Descubra quem pôde alterar o banco de dados e depois configure de novo.
addresses-accepted-label = Aceitas
addresses-changed-label = Última alteração
addresses-see = Ver endereços
addresses-add = Adicionar endereços
addresses-change-way = Mudar a forma de receber
addresses-others-title = Redes sem nó
addresses-simulated-title = Redes simuladas
addresses-simulated-text = Os pagamentos de teste usam redes simuladas dentro do payd, que criam os endereços necessários. Não é preciso configurar nada, e não é possível enviar dinheiro real para lá.
addresses-all-networks = Todas as redes
addresses-way-label = Forma de receber
addresses-pool-text = Cada pagamento aberto tem um endereço da sua lista só para ele. Depois do pagamento, o endereço descansa e volta a ser usado.
addresses-xpub-text = Cada pagamento recebe um endereço novo da sua carteira, criado a partir da chave pública da conta. O payd vê o que entra, mas não pode gastar nada.
addresses-shared-text = Todos os pagamentos vão para um só endereço. Valores que diferem em um centavo ou menos indicam de quem é o dinheiro: para carteiras e corretoras que oferecem um único endereço. Os clientes precisam pagar o valor exato.
addresses-unpaid = Até agora, os últimos { $count } não receberam nada.
addresses-gap = Até { $gap } endereços seguidos não receberam nada, e as carteiras costumam parar de procurar depois de 20. Defina o limite de endereços vazios (gap limit) da sua carteira como { $limit } ou mais, ou ela não mostrará todo o seu dinheiro (Electrum: wallet.change_gap_limit({ $limit }) no console; Sparrow: Settings, Advanced, Gap limit).
addresses-next-children = Os próximos endereços
addresses-plan-label = Quantos pagamentos por hora você espera, no máximo?
addresses-plan-ask = Há lugar?
addresses-plan-enough = Há lugar para isso.
addresses-plan-missing = Para isso, adicione { $count } ou reduza o prazo de pagamento ou o descanso dos endereços.
addresses-plan-too-many = Isso exige mais endereços do que é prático. Use uma chave da conta.
addresses-list-title = Endereços
addresses-list-empty = Nenhum endereço ainda.
addresses-export = Exportar CSV
addresses-address-label = Endereço
addresses-state-label = Estado
addresses-used-label = Último uso
addresses-received-label = Recebido
addresses-proof-label = Titularidade
addresses-never = Nunca
addresses-nothing-yet = Nada ainda
addresses-and-more = e outros
addresses-proved-word = Comprovada
addresses-not-proved = Não comprovada
addresses-pages = Páginas da lista
addresses-latest = Mais recentes
addresses-earlier = Anteriores

## Dashboard: what an address is doing

addresses-state-altered = Alterado: nunca é usado
addresses-state-held = Reservado por um pagamento
addresses-state-retired-held = Retirado após seu pagamento
addresses-state-shared = Compartilhado por todos os pagamentos
addresses-state-was-shared = Foi compartilhado; continua acompanhado
addresses-state-used = Usado uma vez
addresses-state-retired = Retirado; continua acompanhado
addresses-state-resting = Descansa até { $until }
addresses-state-free = Livre

## Dashboard: adding addresses

addresses-add-title = Adicionar endereços: { $network }
addresses-list-label = Endereços
addresses-list-hint = Endereços de { $network } que são seus, um por linha. Depois do endereço, após uma vírgula, pode vir uma assinatura que o comprova. Nunca cole uma chave privada nem uma frase de recuperação.
addresses-file-label = Ou carregue de um arquivo
addresses-cancel = Cancelar
addresses-only-good = Adicionar os { $count } corretos e deixar os outros de fora
addresses-findings = { $good } podem ser adicionados, { $bad } não.
addresses-findings-hidden = Mais { $count } linhas não são mostradas.
addresses-none-given = Cole pelo menos um endereço.
addresses-lines-wrong = Nada foi adicionado porque algumas linhas estão erradas: veja abaixo.
addresses-added = Os endereços foram adicionados. Novos pagamentos já podem usá-los.
addresses-secret = Isto é uma chave privada ou uma frase de recuperação. Nunca a cole em lugar nenhum, nem aqui: quem a tiver pode levar todo o dinheiro. O payd não a guardou, mas ela pode ter ficado na área de transferência, no navegador ou com alguém que viu sua tela. Considere-a perdida: passe o dinheiro para uma carteira nova.
addresses-is-account = Isto é uma chave da conta, não um endereço. Para receber com ela, escolha “Mudar a forma de receber”.
addresses-is-address = Isto é um só endereço, não uma chave da conta. Adicione-o ao conjunto ou receba nele escolhendo um só endereço abaixo.
addresses-same = O mesmo endereço da linha { $line }.
addresses-of-store = A loja “{ $store }” tem este endereço. Um endereço pertence a uma só loja.
addresses-of-another-way = Esta loja já recebe nele, de outra forma: { $way }.
addresses-known = Este endereço já está no conjunto.
addresses-altered-row = O registro deste endereço foi alterado no banco de dados, e não pelo payd. Ele nunca é usado. Não o utilize e descubra quem pôde alterar o banco de dados.
addresses-wrong-network = Este é um endereço de { $found }; você está adicionando a { $wanted }.
addresses-checksum = Há um erro de digitação: a soma de verificação não confere. Copie de novo.
addresses-null = O dinheiro enviado ao endereço nulo se perde.
addresses-mweb = Endereços MWEB não podem ser acompanhados. Use um que comece com ltc1, L ou M.
addresses-malformed = Isto não é um endereço. Esperado: um endereço de { $wanted }.
addresses-signature-malformed = A assinatura não está em um formato usado pelas carteiras desta rede. Copie-a inteira.
addresses-signature-mismatch = A assinatura não foi feita com a chave deste endereço sobre exatamente este texto. Copie o texto como aparece e assine com o próprio endereço.
addresses-signature-high = A segunda metade desta assinatura é alta demais, e nenhuma carteira a gera assim. Assine de novo.
addresses-signature-old-tron = Isto foi assinado no modo antigo da TRON. Assine com signMessageV2.
addresses-signature-unsupported = Para este tipo de endereço, o payd lê somente assinaturas BIP-322.

## Dashboard: the way to receive, set

addresses-way-title = Forma de receber: { $network }
addresses-way-now = Agora
addresses-way-keeps = O que a loja usava antes para receber continua acompanhado, e os pagamentos abertos seguem normalmente.
addresses-way-before = Usado antes
addresses-way-missing = Escolha uma forma de receber.
addresses-account-label = Chave da conta
addresses-account-hint = A chave pública da conta (xpub, zpub, Ltub…) ou seu descritor, como sua carteira mostra. Nunca uma chave privada (xprv…) nem uma frase de recuperação.
addresses-next-index-label = Continuar a partir do endereço número (opcional)
addresses-next-index-hint = Se a carteira já usou endereços da conta. Se ficar vazio, o payd continua depois do último que usou.
addresses-look-account = Ver seus endereços
addresses-look-shared = Conferir
addresses-look-pool = Receber com o conjunto
addresses-slots-label = Valores simultâneos (opcional)
addresses-slots-hint = Quantos pagamentos do mesmo preço podem estar abertos ao mesmo tempo. Geralmente 99.
addresses-digits-label = Passo entre valores de stablecoins
addresses-digits-usual = Padrão
addresses-not-a-number = Este número não é possível.
addresses-sure-title = Para onde irá o dinheiro: { $network }
addresses-sure-before = Antes
addresses-sure-after = De agora em diante
addresses-fingerprint-label = Impressão digital
addresses-compare-title = Compare primeiro
addresses-compare-text = Estes são os primeiros endereços de recebimento da conta. Eles precisam ser os mesmos da sua carteira, na mesma ordem. Se não forem, pare: o dinheiro iria para outro lugar.
addresses-sure-do = Receber aqui de agora em diante
addresses-way-set = Salvo. De agora em diante, novos pagamentos são recebidos ali.
addresses-way-set-empty = Salvo, mas o conjunto está vazio: adicione endereços, ou não será possível receber pagamentos.
addresses-way-same = Nada foi alterado: a loja já recebe ali.
addresses-account-of-store = A loja “{ $store }” recebe com esta conta. Dê a cada loja sua própria conta.
addresses-given-out = Alguns destes endereços já foram usados. O próximo precisa ser o número { $next } ou maior.
addresses-shared-known = Esta loja já deu este endereço a pagamentos avulsos, e não seria possível distinguir o dinheiro deles. Use um endereço que o payd ainda não conheça.
addresses-slot-count = Pode haver de 1 a 9999 valores simultâneos.
addresses-slot-digits = { $symbol } tem { $decimals } casas decimais, e os valores não podem diferir em menos que isso.
addresses-account-checksum = Há um erro de digitação na chave: a soma de verificação não confere. Copie-a de novo, inteira.
addresses-account-wrong-network = Chaves { $key } pertencem a { $found }; esta rede é { $wanted }.
addresses-account-prefix = O começo desta chave não é conhecido. Os conhecidos são xpub, ypub, zpub, tpub, upub, vpub, Ltub, Mtub e ttub.
addresses-account-multisig = Esta chave é de uma carteira com várias chaves. Informe o descritor completo da carteira: wsh(sortedmulti(…)).
addresses-account-depth = Esta chave está { $depth } níveis abaixo da chave mestra, o que não é uma conta. Escreva depois dela o caminho até os endereços, como { $example }.
addresses-account-change = Esta é a chave de uma cadeia de troco. Informe a chave da conta.
addresses-account-hardened = O caminho após a chave tem níveis protegidos (hardened), que exigem a chave privada. Informe a chave pública abaixo deles.
addresses-account-wildcard = Isto representa um só endereço. Uma cadeia de recebimento termina em /0/*.
addresses-account-unpayable = Este descritor não tem um endereço seguro para receber.
addresses-account-nonsense = Isto não é uma chave da conta. Esperado: uma chave pública estendida (xpub…, zpub…, Ltub…) ou um descritor de saída.
addresses-account-no-descriptors = Descritores servem para o Bitcoin e redes semelhantes. Informe aqui o xpub da conta.
addresses-account-index = A conta termina antes deste número.

## Dashboard: one address

addresses-one-title = Endereço
addresses-copy = Copiar
addresses-child = número { $index } da sua conta
addresses-payment-label = Pagamento
addresses-created-label = Adicionado em
addresses-retired-label = Retirado em
addresses-prove-title = Comprove que é seu
addresses-prove-text = Assine este texto com a carteira que tem o endereço. Isso mostra que a chave está com você e não movimenta dinheiro.
addresses-sign-with-bitcoin = Use “assinar mensagem” na sua carteira, no próprio endereço.
addresses-sign-with-evm = Use “assinar mensagem” (personal_sign) na sua carteira, com a própria conta.
addresses-sign-with-tron = Use “assinar mensagem” (signMessageV2) na sua carteira, com a própria conta.
addresses-signature-label = Assinatura
addresses-prove-do = Verificar a assinatura
addresses-proved = A assinatura está correta: ficou comprovado que o endereço é seu.
addresses-retire-title = Retirar o endereço
addresses-retire-text = Nenhum novo pagamento o recebe. Ele continua acompanhado, e o dinheiro que ainda chegar é registrado. Você pode trazê-lo de volta.
addresses-retire-held-text = Ele fica com seu pagamento até o fim; depois, nenhum novo pagamento o recebe. Continua acompanhado, e você pode trazê-lo de volta.
addresses-retire-do = Retirar
addresses-retired = O endereço foi retirado: nenhum novo pagamento o recebe. O dinheiro que ainda chegar é registrado.
addresses-retired-held = O endereço fica com seu pagamento até o fim; depois, nenhum novo pagamento o recebe.
addresses-restore-title = Trazer o endereço de volta
addresses-restore-text = Novos pagamentos podem voltar a recebê-lo.
addresses-restore-do = Trazer de volta
addresses-restored = O endereço voltou: novos pagamentos podem recebê-lo.
