/** The explorer page: starts with its language and the session, then with the log-in or the graph. */
import { render } from 'preact'
import './page.css'
import { Root } from './root'
import { startLanguage } from './words'

const place = document.getElementById('page')
if (place) void startLanguage().then(() => render(<Root />, place))
