"""Lines whose wording gives them away: menus, prompts, widgets, related headings.

English mainly, with the commonest wordings of other large languages.  Word
lists carry little of the judgement (.004 of F1 where it was measured), so the
tables stay short: they name the reason of what structure has found.
"""

from __future__ import annotations

from typing import Final

from transforms.patterns import NAME, Pattern, alternatives, phrases

_TAIL: Final = r"[\s.:;!?…»›>→↓↗➔+*|·•–—-]*"
"""Marks that may follow a prompt."""
_HEADING_TAIL: Final = r"[\s:…»›>→↓|-]*"
"""Marks that may follow a heading: with a full stop it is a sentence."""

_NETWORK: Final = alternatives(
    r"""facebook fb twitter x linked_?in pinterest whats_?app reddit telegram instagram you_?tube
    tik_?tok tumblr flip_?board messenger threads bluesky mastodon pocket vkontakte vk
    odnoklassniki viber line weibo wechat snapchat xing rss e-?mail mail g?mail print sms
    google(?:_plus|_news|\+)? hacker_news digg stumble_?upon discord spotify github podcast"""
)
_SHARE_VERB: Final = alternatives(
    r"""share[ds]? sharing tweet save send copy copied short_(?:link|url) shortened permalink
    bookmark follow clipboard teilen drucken merken kopieren partager compartir compartilhar
    condividi поделиться paylaş udostępnij dela del gift"""
)
_SHARE_FILLER: Final = alternatives(
    r"""like get link url us me on to via by in with this the article story page post it an? friend
    click opens? new window and or more options icon logo \d+ [^\p{L}\p{N}\s]+"""
)
_MENU: Final = phrases(
    r"""
    home(?:page)?
    (?:main |site |primary )?(?:menu|navigation)
    (?:open|close|toggle|show|hide)(?: \w+)* (?:menu|navigation|search|nav)
    search(?: for| results| this site| the site)?
    skip to .*
    (?:back|jump|go|return|scroll) to .*
    (?:go )?back|top
    (?:next|prev(?:ious)?)(?: article| post| story| page)?
    (?:sign|log)[ -]?(?:in|out|up|on)(?: ?/ .*| or .*)?
    (?:my )?account|register(?: now)?
    (?:listen|watch)(?: now| live| to (?:this )?(?:article|story|podcast))*
    (?:on )?(?:air|live)
    (?:view|see|show|load|browse|explore|shop)(?: all| more| less| full)(?: \w+)*
    more|close|cancel|submit|or|and|yes|no|ok(?:ay)?
    (?:click|tap) (?:here|to).*
    (?:expand|collapse)(?: all| close)?
    download(?: now| pdf| the app)?
    (?:about|contact)(?: us| me)?|careers?|jobs|advertise(?: with us)?|help(?: cent(?:er|re))?
    faqs?|support|site ?map|accessibility(?: help| statement)?
    privacy(?: policy| notice| settings| statement| center)?
    terms(?: (?:of|and|&) (?:use|service|conditions))*
    impressum|datenschutz|startseite|accueil|inicio|главная|меню|поиск|ホーム|首页|홈|الرئيسية
    do not sell .*
    (?:editorial|ethics|corrections|comment) (?:policy|guidelines|standards)
    e-?paper|archives?|podcasts?|blogs?|videos?|events?|resources|insights
    (?:latest|top|breaking|all)? ?(?:news|stories|headlines)|trending(?: now)?
    get (?:started|in touch|directions|a quote|a demo).*
    (?:book|request|schedule|get|try|view) a (?:free )?(?:demo|call|quote|consultation|trial).*
    (?:buy|shop|order|book|apply|donate|join|start|try)(?: it)? (?:now|here|today|online|for free).*
    check (?:the )?(?:latest )?(?:price|availability).*
    (?:your )?(?:first |last |full )?name|website|message|language|english
    """
)
_CONTENTS: Final = phrases(
    r"""
    (?:table of )?contents?
    (?:in|on) this (?:article|page|story|guide|post)
    jump to(?: section)?|inhaltsverzeichnis|inhalt|sommaire|índice|содержание|目次|目录
    """
)
_LETTER: Final = (
    r"(?:news ?letters?|mailing list|e-?mails?|updates|alerts|inbox|briefing|digest|bulletin)"
)
_SUBSCRIPTION: Final = phrases(
    rf"""
    (?:please )?(?:sign[ -]?up|register|opt[ -]in|join)\b.*\b{_LETTER}\b.*
    (?:please )?subscribe\b.*
    (?:get|receive)\b.*\b(?:inbox|newsletters?|(?:by|via) e-?mail|delivered (?:to|daily|weekly))\b.*
    by (?:clicking|signing|submitting|subscribing|providing|entering|registering)\b.*\b(?:you|i) .*
    (?:enter )?(?:your )?e-?mail(?: address)?(?: here)?(?: ?\*| ?\(required\)| will not be .*)?
    already (?:a subscriber|have an account|a member)\b.*|(?:don[’']t )?have an account\?.*
    become a (?:paid |free )?(?:member|subscriber|supporter|patron)\b.*
    (?:thanks|thank you) for (?:signing up|subscribing|registering|your subscription)\b.*
    (?:you can )?unsubscribe .*
    (?:daily |weekly )?newsletters?(?: sign ?-?up)?
    (?:\w+ ){{0,3}}\w+: (?:sign up|subscribe)\b.*
    (?:please )?support (?:our|independent|quality|local) journalism.*
    (?:jetzt )?mitglied werden|abo abschließen|jetzt (?:testen|abonnieren)
    this (?:article|story|post) is (?:only |reserved |exclusive )*(?:for|to) .*subscribers.*
    (?:continue|keep) reading (?:this|with|for|by)\b.*
    thanks for reading .*subscribe\b.*
    (?:jetzt |hier )?(?:newsletter )?(?:abonnieren|anmelden|registrieren)
    (?:abonnez-vous|inscrivez-vous|suscríbete|suscríbase|iscriviti|assine) .*
    (?:подпишитесь|подписаться) .*
    """
)
_COOKIE: Final = phrases(
    r"""
    .*\b(?:we|site|website|our partners)\b.*\buses? (?:\w+ )?cookies\b.*
    (?:manage|accept|reject|decline)(?: all| necessary| optional)? cookies
    cookies?(?: policy| notice| settings| preferences| consent)?
    .*protected by (?:reCAPTCHA|hCaptcha).*|this site uses akismet.*
    (?:empfohlener )?(?:externer|redaktioneller) inhalt.*|.*\bexterne inhalte angezeigt\b.*
    (?:alle )?cookies akzeptieren|accepter les cookies|aceptar cookies|принять cookies
    """
)
_EARN: Final = r"(?:earn|receive|get) (?:an? )?(?:small |affiliate |referral |sales )*commissions?"
_ADVERTISEMENT: Final = phrases(
    rf"""
    [–—\[( -]*(?:adverti[sz]e?ments?|adverts?|ads?)[–—\]) :-]*
    [–—\[( -]*adverti[sz]e?ment ?[–—:.-] .*
    anzeige|werbung|publicité|publicidad|pubblicità|annons|реклама|広告|广告|광고
    (?:sponsored|paid|promoted|partner)(?: content| post| partner content| by .*)?
    (?:story|article|page) continues (?:below|after).*
    .*\b{_EARN}\b.*\b(?:links?|purchases?|buy)\b.*|.*\b(?:links?|purchases?|buy)\b.*\b{_EARN}\b.*
    .*\baffiliate (?:links?|commission|partner)\b.*
    .*\b(?:products?|items?)\b.*\b(?:independently (?:chosen|selected|reviewed))\b.*
    .*\b(?:products?|items?)\b.*\b(?:chosen|selected|reviewed) independently\b.*
    .*\bpromo code\b.*|.*\bterms apply
    (?:remove|report) (?:this )?ads?|why (?:am i seeing this|this ad).*
    """
)
_REMARKS: Final = "(?:comments?|responses|replies|discussion)"
_COMMENT: Final = phrases(
    rf"""
    (?:leave|post|add|write|submit|make) (?:a |your )?(?:reply|comments?|response)\b.*
    (?:view |read |show |hide |see |all |latest |recent |\d+ )*{_REMARKS}(?: ?\(\d+\)| \*)?
    {_REMARKS} (?:policy|section|are (?:closed|off|disabled|moderated).*)
    comment on this .*|(?:please )?(?:log|sign)(?:ged)?[ -]?in .*to (?:reply|comment|post|leave).*
    reply(?: to .*)?|report (?:abuse|comment|this)|flag|upvote|downvote|quote
    (?:join|start) the (?:conversation|discussion|debate).*
    there are no comments.*|no comments.*
    be the first to (?:comment|reply|review|rate|write|leave).*
    save my name.*e-?mail.*|required fields are marked.*|notify me of .*
    kommentare?|commentaires?|comentarios|commenti|комментарии|コメント|评论|댓글
    """
)
_WHICH: Final = phrases(
    r"""
    related|recommended|suggested|similar|more|popular|trending|featured|further|additional|other
    latest|recent|most[ -](?:read|popular|viewed|shared)|editor[’']?s?|don[’']t miss|today[’']?s
    """
)
_PIECES: Final = (
    "(?:reads?|reading|articles?|stor(?:y|ies)|posts?|links?|news|content|coverage|topics?"
    "|headlines?|picks?|videos?|resources|guides|blogs?|for you|reviews)"
)
_TO_READ: Final = phrases(
    r"""
    related|recommended|see also|read also|also read|also see|read more|read next|up next|next up
    next read|more like this|more to (?:read|explore|come)|more on this|most read|most popular
    most viewed|trending|popular|don[’']t miss|what to read next|keep reading|continue reading
    in case you missed it
    """
)
_RELATED_HEADING: Final = phrases(
    rf"""
    {_WHICH}(?: \w+)?(?: \w+)? {_PIECES}
    {_TO_READ}(?: on .*| this (?:story|topic))?
    you (?:may|might|will|would|could)(?: also| even)? (?:like|enjoy|be interested in|love).*
    (?:more|latest|other (?:stories|news|articles)|stories|news) (?:from|on|in|by|about|for) [^.!?]*
    (?:people|others|readers) (?:also|are) (?:also )?(?:read|reading|viewed|like|liked|asked?).*
    lesen sie auch|mehr (?:zu|zum|von|aus|news|artikel|nachrichten|themen)\b[^.!?]*
    passend (?:zum|dazu).*|das könnte (?:sie|dich) auch .*|auch interessant
    neues aus .*|lesetipps?|meist ?gelesene?.*
    (?:weitere|ähnliche|verwandte|aktuelle|neueste) (?:artikel|beiträge|nachrichten|themen)
    die redaktion empfiehlt|empfehlungen? der redaktion|unsere empfehlungen?
    (?:à )?lire (?:aussi|également)|à lire|sur le même (?:sujet|thème)|à découvrir.*|voir aussi
    (?:nos |autres )?articles? (?:liés|similaires|connexes|recommandés)|les plus (?:lus|lues|vus)
    nos (?:vidéos|dossiers|recommandations)|pour aller plus loin|dans la même rubrique
    (?:también )?(?:te|le|os) (?:puede|podría) interesar|puede interesar|le[ea] también
    (?:noticias?|artículos?|contenidos?|temas?) relacionad[oa]s?|lo más (?:leído|visto)|relacionado
    (?:leer|ver|más) (?:más|noticias|sobre .*)|última hora|te recomendamos
    (?:leia|veja|saiba) (?:também|mais)|(?:notícias|matérias|artigos) relacionad[oa]s|mais lid[ao]s
    leggi anche|(?:articoli|notizie) correlat[ie]|(?:ti )?potrebbe interessarti|i più letti
    (?:читайте|смотрите|см\.) (?:также|ещё|еще)|(?:ещё |новости )?по теме|похожие .*|самое читаемое
    материалы по теме|les (?:også|mer)|læs (?:også|mere)|läs (?:också|mer|även)|mer om .*|mest lest
    relatera[dt].*|lees (?:ook|meer|verder)|meer over .*|meest gelezen|gerelateerd.*|lue myös
    (?:prze)?czytaj (?:też|także|również|więcej)|zobacz (?:też|także|więcej)|polecane|najnowsze
    (?:čtěte|přečtěte si) (?:také|více)|citește și|olvasd el|ayrıca okuyun
    (?:ilgili|benzer) haberler|(?:baca|simak) juga|(?:artikel|berita) terkait|xem thêm|tin liên quan
    関連記事|あわせて読みたい|おすすめ記事|相关(?:阅读|新闻|文章)|推荐阅读|延伸阅读|관련 ?기사
    [اإ]قر[أا] (?:أيضا|ايضا|المزيد)ً?|مواضيع ذات صلة|قد يعجبك أيضا|(?:यह|ये) भी पढ़ें
    """
)
_READ_MORE: Final = phrases(
    r"""
    (?:read|see|watch|learn|find out|discover|listen)(?: also| more| next| this| now| here)
    (?:read|see|watch|listen to) the (?:full|entire|rest) .*
    (?:also|must) (?:read|see|watch)
    (?:related|recommended|suggested)(?: (?:article|story|reading|post|video|news|coverage))?s?
    more (?:on this|info(?:rmation)?|details)
    don[’']t miss|further reading|in case you missed it|up next
    mehr dazu
    """
)
_ALSO: Final = phrases(
    r"""
    (?:also|must|please) read|(?:read|see) also|lesen sie auch|lies auch
    (?:à )?lire (?:aussi|également)|voir aussi|le[ea] (?:también|más)
    leggi anche|(?:leia|veja) (?:também|mais)|ver también
    (?:читайте|смотрите) (?:также|ещё|еще)|les også|læs også|läs (?:också|även)|lees ook|lue myös
    (?:prze)?czytaj (?:też|także|również|więcej)|zobacz (?:też|także)|baca juga|simak juga|xem thêm
    """
)
"""What leads over to a link even without a mark between."""
_PROFESSION: Final = (
    r"(?:writer|reporter|journalist|editor|correspondent|contributor|columnist|blogger|author)"
)

PHRASES: Final[tuple[Pattern, ...]] = (
    Pattern(
        "share-words",
        "share-widget",
        rf"(?:{_SHARE_FILLER}\s*)*(?:(?:{_SHARE_VERB}|{_NETWORK})\s*(?:{_SHARE_FILLER}\s*)*)+",
        max_words=20,
    ),
    Pattern(
        "share-prompt",
        "share-widget",
        r"(?:share|follow|like|find|join|connect with) (?:this|us|me)\b.*"
        r"|(?:share|like|follow) (?:on|via|with|it|your)\b.*",
        max_words=9,
    ),
    Pattern("contents", "navigation", _CONTENTS + _TAIL),
    Pattern("advertisement", "advertisement", _ADVERTISEMENT, max_words=60, anywhere=True),
    Pattern("cookies", "cookie-notice", _COOKIE + _TAIL, anywhere=True),
    Pattern("subscription", "subscription", _SUBSCRIPTION + _TAIL, max_words=60, anywhere=True),
    Pattern("comment", "comment", _COMMENT + _TAIL, max_words=12),
    Pattern(
        "comment-by",
        "comment",
        ".* (?:says|said|wrote|writes|schrieb|schreibt|sagt|meint|a écrit|dit|dice|escribió|пишет)"
        " ?:",
        max_words=6,
    ),
    Pattern(
        "related-heading",
        "related-heading",
        _RELATED_HEADING + _HEADING_TAIL,
        max_words=8,
        anywhere=True,
    ),
    Pattern(
        "read-more-link",
        "related-link",
        rf"(?:{_READ_MORE}|{_ALSO}) ?[:|»›>–—-]+ ?.+|{_ALSO} (?-i:[\p{{Lu}}\"“„«‘]).+",
        max_words=30,
        anywhere=True,
    ),
    Pattern(
        "read-more",
        "related-link",
        rf"(?:{_READ_MORE}|{_ALSO})(?: (?:about|on|in) .*)?{_TAIL}",
        max_words=12,
        anywhere=True,
    ),
    Pattern("menu", "navigation", _MENU + _TAIL, max_words=8),
    Pattern(
        "breadcrumb",
        "navigation",
        r"(?:home|start|news|blog|startseite|accueil|inicio|главная)(?: ?[›»>/|→·] ?[^›»>/|→·]+)+",
        max_words=30,
    ),
    Pattern(
        "tags",
        "tag-list",
        r"(?:tags?|topics?|keywords?|categor(?:y|ies)|filed under|in this category|schlagw[oö]rter"
        r"|themen|étiquettes|etiquetas|теги|метки|タグ)(?: ?[:|].*)?",
        max_words=40,
    ),
    Pattern("hashtags", "tag-list", r"(?:#[\p{L}\p{N}_]+[\s,]*){2,}"),
    Pattern(
        "bio-heading",
        "author-bio",
        r"(?:about|meet|more (?:about|from|by)) (?:the |this )?(?:author|writer|editor)s?"
        rf"(?:{_TAIL}| ?: .*)",
    ),
    Pattern(
        "bio",
        "author-bio",
        rf"{NAME} (?:is|was) (?:an?|the) (?:[^.]* )?{_PROFESSION}\b.*",
        max_words=80,
    ),
)
